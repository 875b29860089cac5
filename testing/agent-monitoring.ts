/** What deploy/agent asks of Prometheus: the expressions of its alert rules and of its dashboard, and the metrics in them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../deploy/agent');

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

interface Expression {
  /** The alert, or the panel. */
  readonly where: string;
  readonly expression: string;
}

/** Grafana's variables are put in as it would with everything chosen. */
export async function agentExpressions(): Promise<readonly Expression[]> {
  const [rules, dashboard] = await Promise.all(
    ['alerts.yaml', 'grafana.json'].map(async (name) => parse(await readFile(join(folder, name), 'utf8')) as unknown),
  );
  const { groups } = rules as Rules;
  const { panels } = dashboard as Dashboard;
  return [
    ...groups.flatMap((group) => group.rules.map(({ alert, expr }) => ({ where: alert, expression: expr }))),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, expression: put(expr) }))),
  ];
}

const put = (expression: string) => expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$(job|agent)/g, '.*');

interface NamedMetric {
  readonly name: string;
  /** Those it is chosen by, and those that the expression groups by. */
  readonly labels: readonly string[];
}

/** The agent's metrics in an expression. A name is one of ours, of its process, or `up`. */
export function metricsIn(expression: string): readonly NamedMetric[] {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  // `le` is a label of buckets alone, and the page has it there.
  const found = expression.matchAll(/\b(?<name>(?:agent|process|nodejs)_\w+|up)\b(?:\{(?<chosen>[^}]*)\})?/g);
  return [...found].map(({ groups }) => {
    const chosen = [...(groups?.['chosen'] ?? '').matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label ?? '');
    return { name: groups?.['name'] ?? '', labels: [...new Set([...chosen, ...grouped])] };
  });
}

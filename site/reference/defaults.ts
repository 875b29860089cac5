/** Defaults as they are at run time: of `LeakOptions` what `defaultLeakOptions`, beside it in its file, holds. */
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Surface } from './surface.ts';

export type Defaults = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** By the name of the type; what a file exports as `default…` and calls it in its type is of it. */
export async function defaultsOf({ root, declared }: Surface): Promise<Defaults> {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { name, symbol } of declared) {
    const file = symbol.declarations?.[0]?.getSourceFile();
    if (file === undefined || !file.fileName.startsWith(root)) continue;
    for (const constant of constantsOf(file, name)) {
      const values = (await import(pathToFileURL(file.fileName).href)) as Record<string, object>;
      found.set(name, { ...found.get(name), ...values[constant] });
    }
  }
  return found;
}

function constantsOf(file: ts.SourceFile, type: string): string[] {
  return file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter((each) => /^default[A-Z]/.test(each.name.getText()) && isOfType(each, type))
    .map((each) => each.name.getText());
}

function isOfType({ name, type, initializer }: ts.VariableDeclaration, wanted: string): boolean {
  const said = type ?? (initializer && ts.isSatisfiesExpression(initializer) ? initializer.type : undefined);
  if (said === undefined) return besides[wanted]?.includes(name.getText()) ?? false;
  return resolved(said).includes(wanted);
}

/** Constants whose type does not say whose defaults they are. */
const besides: Readonly<Record<string, readonly string[]>> = {
  LoadOptions: ['defaultUse'],
  ComparisonQuestion: ['defaultComparison'],
};

/** `Required<LeakOptions>`, `Omit<Objective, 'p95'>`, and `ResolvedOptions`, which the reporter's stand for. */
function resolved(type: ts.TypeNode): readonly string[] {
  const text = type.getText();
  if (text === 'ResolvedOptions') return ['LoadReporterOptions'];
  return [/^(?:Required|Omit|Partial)<(\w+)\b/.exec(text)?.[1] ?? text];
}

/** `'10s'`, `1_000`, `{ before: '0s' }`: as it is written in a spec. */
export function written(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number')
    return Number.isInteger(value) ? value.toLocaleString('en-US').replaceAll(',', '_') : String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const all = Object.entries(value).map(([name, each]) => `${name}: ${written(each)}`);
    return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
  }
  return String(value);
}

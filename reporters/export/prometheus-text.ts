/** Results at their end in Prometheus' text format 0.0.4, for the node exporter's textfile collector or a push gateway. */
import { durationBoundsSec } from './duration-buckets.ts';
import { type Exported, familiesOf } from './families.ts';
import { type Distribution, type Family, type Labels, lastOf } from './metric-family.ts';

export function prometheusText(exported: Exported): string {
  return familiesOf(exported).map(familyText).join('');
}

function familyText(family: Family): string {
  const name = family.type === 'counter' ? `${family.name}_total` : family.name;
  const lines =
    family.type === 'histogram'
      ? family.series.flatMap((series) => histogramLines(name, series.labels, lastOf(series)))
      : family.series.map((series) => sampleLine(name, series.labels, lastOf(series) ?? 0));
  return [`# HELP ${name} ${escapedHelp(family.help)}`, `# TYPE ${name} ${family.type}`, ...lines, ''].join('\n');
}

function histogramLines(name: string, labels: Labels, distribution: Distribution | undefined): string[] {
  if (distribution === undefined) return [];
  const { count, sum, upTo } = distribution;
  return [
    ...durationBoundsSec.map((bound, at) =>
      sampleLine(`${name}_bucket`, { ...labels, le: String(bound) }, upTo[at] ?? 0),
    ),
    sampleLine(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    sampleLine(`${name}_sum`, labels, sum),
    sampleLine(`${name}_count`, labels, count),
  ];
}

export function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

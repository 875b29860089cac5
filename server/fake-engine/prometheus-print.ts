/** Writes families as a page in the Prometheus text format: the reverse of the parser, which it is tested against. */
import type { Family } from '../domain/engines/prometheus-parse.ts';
import type { Sample } from '../domain/engines/prometheus-line.ts';

type PrintNumber = (value: number) => string;

/** `3`, `0.5`, `+Inf`: as Rust's `metrics` and Go's client write numbers. */
export function plainNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** `3.0`, `0.5`, `+Inf`: as Python's `prometheus_client` writes numbers. */
export function pythonNumber(value: number): string {
  const plain = plainNumber(value);
  return /^-?\d+$/.test(plain) ? `${plain}.0` : plain;
}

/** The page, ending in a line feed as the format asks. */
export function printPrometheus(families: Iterable<Family>, number: PrintNumber = plainNumber): string {
  let page = '';
  for (const { name, type, help, samples } of families) {
    if (help !== undefined)
      page += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`)}\n`;
    page += `# TYPE ${name} ${type}\n`;
    for (const sample of samples) page += `${printSample(sample, number)}\n`;
  }
  return page;
}

function printSample({ name, labels, value, timestampMs }: Sample, number: PrintNumber): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  const labelled = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
  return timestampMs === undefined ? `${labelled} ${number(value)}` : `${labelled} ${number(value)} ${timestampMs}`;
}

function escapeLabel(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}

/** The ways in which the same numbers come as a page: Python's client, OpenMetrics, a proxy that keeps no comments. */
import type { Family } from '../../domain/engines/prometheus-parse.ts';
import { printPrometheus, type plainNumber } from '../../fake-engine/prometheus-print.ts';
import type { Labels } from './families.ts';

export const dresses = ['plain', 'created', 'openmetrics', 'bare', 'unmeasured', 'adapters', 'huge'] as const;
export type Dress = (typeof dresses)[number];

interface Worn {
  readonly families: readonly Family[];
  readonly number: typeof plainNumber;
  readonly startedMs: number;
  readonly atMs: number;
}

export function dressed(dress: Dress, worn: Worn): string {
  const { families, number } = worn;
  switch (dress) {
    case 'plain':
      return printPrometheus(families, number);
    case 'created':
      return printPrometheus(withCreated(worn), number);
    case 'openmetrics':
      return openMetrics(worn);
    case 'bare':
      return printPrometheus(families, number).replaceAll(/^#.*\n/gm, '');
    case 'unmeasured':
      return printPrometheus(families.map(withUnmeasured), number);
    case 'adapters':
      return printPrometheus([...families, adapters(3, worn.atMs)], number);
    case 'huge':
      return printPrometheus([...families, adapters(hugeAdapters, worn.atMs)], number);
  }
}

/** The client's `_created` series, as vLLM 0.10 shows them (production-stack issue 617): a family of gauges after each counter. */
function withCreated({ families, startedMs }: Worn): Family[] {
  return families.flatMap((family) => {
    if (family.type !== 'counter' && family.type !== 'histogram') return [family];
    const name = `${family.name.replace(/_total$/, '')}_created`;
    const first = new Map(
      family.samples.map(({ labels }) => [JSON.stringify(withoutBound(labels)), withoutBound(labels)] as const),
    );
    const samples = [...first.values()].map((labels) => ({ name, labels, value: startedMs / 1_000 }));
    return [family, { name, type: 'gauge' as const, samples }];
  });
}

const withoutBound = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'le'));

/** Counters are families without `_total`, buckets carry an example, and the page says where it ends. */
function openMetrics({ families, number }: Worn): string {
  const renamed = families.map((family) =>
    family.type === 'counter' ? { ...family, name: family.name.replace(/_total$/, '') } : family,
  );
  const text = printPrometheus(renamed, number);
  const examples = text.replaceAll(/^(\S+_bucket\{.*\} [1-9]\S*)$/gm, '$1 # {request_id="cmpl-1"} 0.05 1767225600.123');
  return `${examples}# EOF\n`;
}

/** A rank that has measured nothing yet shows what is no number. */
function withUnmeasured(family: Family, at: number): Family {
  const [first] = family.samples;
  if (family.type !== 'gauge' || first === undefined || Object.keys(first.labels).length === 0) return family;
  const value = [NaN, Infinity, -Infinity][at % 3] ?? NaN;
  return { ...family, samples: [...family.samples, { ...first, labels: { ...first.labels, dp_rank: '1' }, value }] };
}

/** So many combinations of adapters that the page comes close to the largest one that is read. */
const hugeAdapters = 25_500;

/**
 * vLLM's gauge of LoRA requests: the value is a time, and every combination of names that ever ran stays as a series of
 * its own (vLLM pull request 13303).
 */
function adapters(combinations: number, atMs: number): Family {
  const name = 'vllm:lora_requests_info';
  const samples = Array.from({ length: combinations }, (_, at) => ({
    name,
    labels: {
      max_lora: '1',
      running_lora_adapters: `customer-${at}-assistant-v2`,
      waiting_lora_adapters: [1, 2, 3, 4, 5, 6, 7].map((other) => `customer-${at + other}-assistant`).join(','),
    },
    value: atMs / 1_000 - at,
  }));
  return { name, type: 'gauge', help: 'Running stats on lora requests.', samples };
}

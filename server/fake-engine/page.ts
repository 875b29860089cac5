/** Writes the metrics page that an engine in a given state would show: its names, labels, types, buckets and number style. */
import type { Engine } from '../domain/engines/engine.ts';
import { plainNumber, printPrometheus, pythonNumber } from './prometheus-print.ts';
import type { PageState } from './page-parts.ts';
import { sglangFamilies } from './page-sglang.ts';
import { tgiFamilies } from './page-tgi.ts';
import { vllmFamilies } from './page-vllm.ts';

export function pageOf(engine: Engine, state: PageState): string {
  switch (engine) {
    case 'vllm':
      return printPrometheus(vllmFamilies(state), pythonNumber);
    case 'sglang':
      return printPrometheus(sglangFamilies(state), pythonNumber);
    case 'tgi':
      return printPrometheus(tgiFamilies(state), plainNumber);
  }
}

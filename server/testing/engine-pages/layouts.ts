/** Every version of a page that the sequences have, and whose it is. */
import type { Engine } from '../../domain/engines/engine.ts';
import type { Family } from '../../domain/engines/prometheus-parse.ts';
import { plainNumber, pythonNumber } from '../../fake-engine/prometheus-print.ts';
import type { EngineState } from './engine-state.ts';
import { sglangLayouts, sglangPage, type SglangLayout } from './sglang-pages.ts';
import { tgiLayouts, tgiPage, type TgiLayout } from './tgi-pages.ts';
import { vllmLayouts, vllmPage, type VllmLayout } from './vllm-pages.ts';

export type Layout = VllmLayout | SglangLayout | TgiLayout;

const isOneOf = <Known extends string>(known: readonly Known[], layout: Layout): layout is Known & Layout =>
  known.some((one) => one === layout);

export function engineOfLayout(layout: Layout): Engine {
  if (isOneOf(vllmLayouts, layout)) return 'vllm';
  return isOneOf(sglangLayouts, layout) ? 'sglang' : 'tgi';
}

export function familiesOf(layout: Layout, state: EngineState): Family[] {
  if (isOneOf(vllmLayouts, layout)) return vllmPage(layout, state);
  if (isOneOf(sglangLayouts, layout)) return sglangPage(layout, state);
  return isOneOf(tgiLayouts, layout) ? tgiPage(layout, state) : [];
}

export const numberOf = (layout: Layout) => (isOneOf(tgiLayouts, layout) ? plainNumber : pythonNumber);

/**
 * A recording as steps: what was under way at the same time is one step, and between steps the person thought. Found by
 * time alone, so that a step never needs an answer of its own requests.
 */
import type { Exchange } from './exchange.ts';

export interface Step {
  readonly exchanges: readonly Exchange[];
  /** How long nothing was under way before it. */
  readonly pauseMs: number;
}

/** Requests belong together that began before the first of them was answered. */
export function stepsOf(exchanges: readonly Exchange[]): Step[] {
  const steps: Step[] = [];
  let lastEndMs = exchanges[0]?.startMs ?? 0;
  for (let at = 0; at < exchanges.length;) {
    const first = exchanges[at];
    if (first === undefined) break;
    let firstEndMs = first.endMs;
    const together: Exchange[] = [];
    for (let each: Exchange | undefined = first; each !== undefined; each = exchanges[at]) {
      if (together.length > 0 && each.startMs >= firstEndMs) break;
      together.push(each);
      firstEndMs = Math.min(firstEndMs, each.endMs);
      at += 1;
    }
    steps.push({ exchanges: together, pauseMs: Math.max(0, first.startMs - lastEndMs) });
    lastEndMs = together.reduce((latest, { endMs }) => Math.max(latest, endMs), lastEndMs);
  }
  return steps;
}

/** Shorter waits are the browser's; longer ones are a person who was away. */
const pauseMs = { least: 100, most: 60_000 };

/** `'1.2s'`, or nothing where nobody has waited. */
export function pauseText(ms: number): string | undefined {
  if (ms < pauseMs.least) return undefined;
  const capped = Math.min(ms, pauseMs.most);
  return capped < 1_000 ? `${Math.round(capped / 10) * 10}ms` : `${Number((capped / 1_000).toFixed(1))}s`;
}

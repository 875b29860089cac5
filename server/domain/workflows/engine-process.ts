/**
 * Which process of an engine a page is from, small enough to be kept with a workflow: an agent that takes over can tell
 * by it whether the engine has restarted since.
 */
import { definitions } from '../engines/definitions.ts';
import type { Engine } from '../engines/engine.ts';
import type { Scrape } from '../engines/scrape.ts';

export interface EngineProcess {
  /** Seconds since 1970; null where the engine does not say. */
  readonly started_s: number | null;
  /** Counters of the engine over all their series: those of one process never fall. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Metrics that only grow, by the names that Prometheus' clients give them. */
const growing = /_(?:total|count)$/;
/** So many counters are enough to see that they began anew. */
const mostCounts = 16;
const startedName = 'process_start_time_seconds';

export function processOf(engine: Engine, { samples }: Scrape): EngineProcess {
  const { prefix } = definitions[engine];
  const counts: [string, number][] = [];
  for (const [name, series] of samples) {
    if (counts.length === mostCounts) break;
    if (name.startsWith(prefix) && growing.test(name)) counts.push([name, sumOf(series)]);
  }
  const started = samples.get(startedName);
  return { started_s: started === undefined ? null : sumOf(started), counts: Object.fromEntries(counts) };
}

function sumOf(series: readonly { readonly value: number }[]): number {
  return series.reduce((sum, { value }) => (Number.isFinite(value) ? sum + value : sum), 0);
}

/**
 * Whether a page is from another process: another start, or counters that fell. A counter that is not there has not
 * counted since its process began. Where the start is told and the same, one series that vanished is not yet a restart:
 * all that had counted must have begun anew.
 */
export function isAnother(before: EngineProcess, { samples }: Scrape): boolean {
  const started = samples.get(startedName);
  const told = before.started_s !== null && started !== undefined;
  if (told && sumOf(started) !== before.started_s) return true;
  const counted = Object.entries(before.counts).filter(([, count]) => count > 0);
  const fell = counted.filter(([name, count]) => sumOf(samples.get(name) ?? []) < count);
  return fell.length > 0 && (!told || fell.length === counted.length);
}

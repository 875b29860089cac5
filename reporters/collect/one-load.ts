/** Whether segments were parts of one load on one server at one time, and if not, what differs and what to do. */
import { apartOf } from '../../load/measure/overlap.ts';
import type { RunPlan, SegmentData, SegmentTarget } from '../../load/measure/run-data.ts';
import { formatMs, formatPercent } from '../../load/measure/units.ts';

/** How a segment differs from the first one in what it was asked to do, in words; undefined when it does not. */
export function differs(first: SegmentData, other: SegmentData, { servers }: RunPlan): string | undefined {
  const name = `segment ${other.index + 1}`;
  if (servers !== 'per-shard' && !haveServer(first.target, other.target)) {
    return `${name} loaded ${words(other.target)}, segment ${first.index + 1} ${words(first.target)}: aim all shards at one server by \`BASE_URL\`, or say \`servers: 'per-shard'\` if servers of their own are meant`;
  }
  if (first.planHash !== other.planHash) {
    return `${name} ran another plan than segment ${first.index + 1} (hash ${other.planHash ?? 'unknown'}, not ${first.planHash ?? 'unknown'}): run all shards with the same spec and options`;
  }
  if (first.commit !== other.commit) {
    return `${name} is of commit ${other.commit ?? 'unknown'}, segment ${first.index + 1} of ${first.commit ?? 'unknown'}: check out one commit on all shards`;
  }
  return undefined;
}

/** Why the segments were no load at one time, in words; undefined when they were. */
export function notTogether(segments: readonly SegmentData[]): string | undefined {
  const apart = apartOf(segments.map(({ startedAtEpochMs, durationMs }) => ({ fromMs: startedAtEpochMs, durationMs })));
  if (apart === undefined) return undefined;
  return `the segments were together for ${formatPercent(apart.share)} of the shortest and began ${formatMs(apart.startsMs)} apart, so the server never had the whole load: start all shards at once: name a place where they meet (\`LOAD_MEET\`), or one \`LOAD_START_AT\` (seconds since 1970)`;
}

/** How many servers shared the load. */
export function serversOf(segments: readonly SegmentData[]): number {
  const apart: SegmentData[] = [];
  for (const segment of segments)
    if (!apart.some(({ target }) => haveServer(target, segment.target))) apart.push(segment);
  return apart.length;
}

/** Whether two segments called a server in common: one may by chance have called more of them than the other. */
function haveServer(a: SegmentTarget | undefined, b: SegmentTarget | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.machine === b.machine && a.origins.some((origin) => b.origins.includes(origin));
}

function words(target: SegmentTarget | undefined): string {
  if (target === undefined) return 'a server that nothing names';
  const { origins, ownServer, machine } = target;
  const whose = machine === undefined ? '' : ` of machine ${machine}`;
  return `${ownServer ? 'a server of its own, ' : ''}\`${origins.join('`, `')}\`${whose}`;
}

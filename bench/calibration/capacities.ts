/** Servers whose breaking point is known by their construction, and what a search is to say of each. */

export interface Capacity {
  readonly words: string;
  /** Where it breaks; requests per second. */
  readonly perSec: number;
  /** What breaks first there. */
  readonly limits: readonly string[];
  /** The search is to end by the server's death. */
  readonly dies?: true;
}

export const capacities = {
  queue: { words: 'one queue of 5 ms', perSec: 200, limits: ['latency', 'backlog'] },
  pool: { words: 'a pool of 4 × 20 ms', perSec: 200, limits: ['latency', 'backlog'] },
  limiter: { words: 'a limiter at 300/s with 429', perSec: 300, limits: ['errors'] },
  mortal: { words: 'a pool that dies beyond 250/s', perSec: 200, limits: ['server'], dies: true },
} as const satisfies Readonly<Record<string, Capacity>>;

export type CapacityName = keyof typeof capacities;

export const capacityNames = Object.keys(capacities) as CapacityName[];

/** What one search said. */
export interface CapacityAnswer {
  readonly sustained?: number;
  readonly failed?: number;
  readonly limitedBy?: string;
  readonly verdict: string;
  readonly sentence: string;
  readonly steps: number;
  readonly seconds: number;
}

/** How far from the truth an answer may be, as a share, and how long it may take. */
export const capacityLimits = { share: 0.1, seconds: 180 } as const;

/** What is wrong with an answer, in words; empty where nothing is. */
export function capacityProblems(name: CapacityName, answer: CapacityAnswer): string[] {
  const { perSec, limits, ...rest }: Capacity = capacities[name];
  const off = answer.sustained === undefined ? Infinity : Math.abs(answer.sustained / perSec - 1);
  return [
    ...(rest.dies === true || off <= capacityLimits.share ? [] : ['not within 10 %']),
    ...(limits.includes(answer.limitedBy ?? '') ? [] : [`limited by ${answer.limitedBy ?? 'nothing'}`]),
    ...(rest.dies === true && answer.verdict !== 'failed' ? ['its death is not told'] : []),
    ...(answer.seconds <= capacityLimits.seconds ? [] : ['took too long']),
  ];
}

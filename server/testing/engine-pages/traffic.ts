/**
 * What an engine did between two pages, in words that are the same for every engine: who ran and waited, what was
 * counted, what was timed. Short forms turn a line of a log into such a step.
 */
export interface Step {
  /** Since the page before. */
  readonly seconds: number;
  /** One for each series of the sequence, in its order. */
  readonly parts: readonly Part[];
  /** The engine began anew in between: all its counts start from 0. */
  readonly restarted?: true;
}

export const counts = [
  'stopped',
  'lengthReached',
  'aborted',
  'failed',
  'overloaded',
  'preempted',
  /** Tokens as they are produced, and those of requests that are over. */
  'generated',
  'generatedByEnded',
  'prompt',
  'promptByEnded',
  'looked',
  'hit',
  'hitByEnded',
  'drafted',
  'accepted',
  /** Forward passes. */
  'passes',
] as const;
export type Count = (typeof counts)[number];

/** What histograms are of: seconds, and tokens. */
export const measures = [
  ...(['ttft', 'itl', 'e2e', 'queue', 'prefill', 'decode', 'inference', 'meanPerToken'] as const),
  ...(['promptTokens', 'answerTokens', 'passTokens'] as const),
] as const;
export type Measure = (typeof measures)[number];

/** Values, and how many times they were seen. */
export type Observed = readonly (readonly [value: number, times: number])[];

export interface Part {
  readonly running: number;
  readonly waiting: number;
  readonly kv: number;
  readonly counted: Readonly<Partial<Record<Count, number>>>;
  readonly observed: Readonly<Partial<Record<Measure, Observed>>>;
  /** Levels that only some engines show. */
  readonly tokensPerS: number;
  readonly acceptLength: number;
}

/** The requests that end, each about like this. Seconds, and lengths in tokens. */
export interface Request {
  readonly queueS: number;
  readonly prefillS: number;
  readonly decodeS: number;
  /** Before and after the engine: reading, tokenizing, writing. */
  readonly hostS?: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
}

/** A stretch between two pages as logs tell it: rates, levels, and how many requests ended which way. */
export interface Traffic {
  readonly running: number;
  readonly waiting?: number;
  readonly kv: number;
  /** Generated each second. */
  readonly tokensPerS?: number;
  readonly promptPerS?: number;
  /** Share of the prompt found in the prefix cache. */
  readonly hitShare?: number;
  readonly stopped?: number;
  readonly lengthReached?: number;
  readonly aborted?: number;
  readonly failed?: number;
  readonly overloaded?: number;
  readonly preempted?: number;
  readonly drafted?: number;
  readonly accepted?: number;
  readonly acceptLength?: number;
  readonly request?: Request;
  /** Between one token and the next as the server in front sees it, when that is not the engine's own pace. */
  readonly seenItlS?: number;
  /** What a gauge of throughput shows when nobody sets it any more. */
  readonly staleTokensPerS?: number;
}

/** Forward passes a second of an engine at work. Only that they are many is meant by it. */
const passesPerS = 20;

const quiet = {
  ...{ waiting: 0, tokensPerS: 0, promptPerS: 0, hitShare: 0, acceptLength: 0 },
  ...{ stopped: 0, lengthReached: 0, aborted: 0, failed: 0, overloaded: 0, preempted: 0, drafted: 0, accepted: 0 },
};

export function part(traffic: Traffic, seconds: number): Part {
  const { running, waiting, kv, tokensPerS, promptPerS, hitShare, request, seenItlS, ...rest } = {
    ...quiet,
    ...traffic,
  };
  const { stopped, lengthReached, aborted, failed, overloaded, preempted, drafted, accepted } = rest;
  const ended = stopped + lengthReached;
  const prompt = Math.round(promptPerS * seconds);
  const generated = Math.round(tokensPerS * seconds);
  const promptByEnded = request === undefined ? 0 : ended * request.promptTokens;
  const counted = {
    ...{ stopped, lengthReached, aborted, failed, overloaded, preempted, drafted, accepted },
    ...{ generated, prompt, promptByEnded, looked: prompt },
    generatedByEnded: request === undefined ? 0 : ended * request.answerTokens,
    hit: Math.round(prompt * hitShare),
    hitByEnded: Math.round(promptByEnded * hitShare),
    passes: generated + prompt > 0 ? Math.round(passesPerS * seconds) : 0,
  };
  const observed = {
    ...(request === undefined ? {} : observations({ request, ended, generated, seenItlS })),
    passTokens: counted.passes === 0 ? [] : [[(generated + prompt) / counted.passes, counted.passes] as const],
  };
  const { acceptLength, staleTokensPerS = tokensPerS } = rest;
  return { running, waiting, kv, counted, observed, tokensPerS: staleTokensPerS, acceptLength };
}

interface Ended {
  readonly request: Request;
  readonly ended: number;
  readonly generated: number;
  readonly seenItlS: number | undefined;
}

function observations({ request, ended, generated, seenItlS }: Ended): Part['observed'] {
  const { queueS, prefillS, decodeS, hostS = 0, promptTokens, answerTokens } = request;
  const perTokenS = decodeS / Math.max(1, answerTokens - 1);
  return {
    ttft: spread(hostS + queueS + prefillS, ended),
    queue: spread(queueS, ended),
    prefill: spread(prefillS, ended),
    decode: spread(decodeS, ended),
    inference: spread(prefillS + decodeS, ended),
    e2e: spread(hostS + queueS + prefillS + decodeS, ended),
    itl: spread(seenItlS ?? perTokenS, generated),
    meanPerToken: spread(perTokenS, ended),
    promptTokens: ended === 0 ? [] : [[promptTokens, ended]],
    answerTokens: ended === 0 ? [] : [[answerTokens, ended]],
  };
}

/** Around the typical value: a tenth well below, a twentieth nearly twice as long. */
const spreadShares = [
  [0.6, 0.1],
  [0.85, 0.25],
  [1.2, 0.2],
  [1.8, 0.05],
] as const;

function spread(typical: number, times: number): Observed {
  const off = spreadShares.map(([factor, share]) => [typical * factor, Math.floor(times * share)] as const);
  const rest = times - off.reduce((sum, [, some]) => sum + some, 0);
  return [...off, [typical, rest] as const].filter(([, some]) => some > 0);
}

interface Pace {
  /** Between two pages. */
  readonly every: number;
  /** How many steps. */
  readonly times: number;
}

/** The agent's own interval over its own window. */
export const fiveMinutes: Pace = { every: 15, times: 20 };

/** The same traffic over and over; `vary` changes what is different in a step. */
export function steady(
  traffic: Traffic,
  { every, times }: Pace = fiveMinutes,
  vary: (at: number) => Partial<Traffic> = () => ({}),
): Step[] {
  return Array.from({ length: times }, (_, at) => ({
    seconds: every,
    parts: [part({ ...traffic, ...vary(at) }, every)],
  }));
}

/** Several series at a time, each with its own traffic. */
export function sideBySide(traffics: readonly Traffic[], { every, times }: Pace = fiveMinutes): Step[] {
  return Array.from({ length: times }, () => ({
    seconds: every,
    parts: traffics.map((traffic) => part(traffic, every)),
  }));
}

/** What vLLM's logger says in a line: tokens a second of prompts and answers, requests, and percent of the cache. */
type LogLine = readonly [promptPerS: number, tokensPerS: number, running: number, waiting: number, kvPercent: number];

/** A log, line by line, and from its first line again until `times` steps are there. */
export function logged(lines: readonly LogLine[], { every, times }: Pace, besides: Partial<Traffic> = {}): Step[] {
  return Array.from({ length: times }, (_, at) => {
    const [promptPerS, tokensPerS, running, waiting, percent] = lines[at % lines.length] ?? [0, 0, 0, 0, 0];
    const traffic = { promptPerS, tokensPerS, running, waiting, kv: percent / 100, ...besides };
    return { seconds: every, parts: [part(traffic, every)] };
  });
}

/** What an engine had done when its first page was read. */
const { counted, observed } = part(
  {
    running: 0,
    kv: 0,
    tokensPerS: 300,
    promptPerS: 500,
    hitShare: 0.5,
    stopped: 900,
    lengthReached: 100,
    request: { queueS: 0.02, prefillS: 0.2, decodeS: 8, promptTokens: 600, answerTokens: 250 },
  },
  3_600,
);
export const past: Pick<Part, 'counted' | 'observed'> = { counted, observed };

export function restarted(steps: readonly Step[]): Step[] {
  return steps.map((step, at) => (at === 0 ? { ...step, restarted: true } : step));
}

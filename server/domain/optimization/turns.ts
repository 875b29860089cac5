/** The ways of turning a setting that the engines share. */
import { rounded, skip, to, turnNumber, turnSwitch, type Expected, type Way } from './remedy.ts';

/** More of the accelerator's memory for weights and cache, up to what the operator allows. */
export function moreMemory(flag: string, step: number): Way {
  return turnNumber(flag, (current, { constraints: { max_memory_fraction: most } }) => {
    const target = Math.min(most, rounded(current + step));
    return target <= current ? skip(`\`${flag}\` is at ${current} already, allowed is ${most}`) : to(target);
  });
}

const cacheType = '--kv-cache-dtype';
/** Of the engines' own words: 16 bits a value, and the words that leave it to the model. */
const sixteenBit = ['bfloat16', 'bf16', 'float16', 'half'];
const asTheModel = [null, 'auto'];

/** A cache of 8 bits a value: twice the tokens, by arithmetic, if it is known to have 16 now. */
export function eightBitCache(eightBit: string): Way {
  return ({ config, constraints }) => {
    const current = config.choice(cacheType);
    if (!current.known) return skip(current.reason);
    if (!constraints.allow_kv_quantization) return skip('`allow_kv_quantization` is false');
    const left = asTheModel.includes(current.value);
    if (!left && !sixteenBit.includes(String(current.value)))
      return skip(`\`${cacheType}\` is \`${String(current.value)}\` already`);
    const type = left ? config.get('--dtype') : current.value;
    return to(eightBit, sixteenBit.includes(String(type)) ? twiceTheTokens : undefined);
  };
}

const twiceTheTokens: Expected = {
  metric: 'kv_tokens',
  factor: 2,
  how: '8 instead of 16 bits for each value: the same memory holds twice the tokens, less the space for scales',
};

/** Fewer at once than ran at most, since a limit above that changes nothing. */
export function fewerAtOnce(flag: string, factor: number): Way {
  return turnNumber(flag, (current, { constraints, observed: { runningMax } }) => {
    if (runningMax === null) return skip('the page does not tell how many requests run');
    const target = Math.max(constraints.min_concurrency, Math.floor(Math.min(current, runningMax) * factor));
    return target >= current ? skip(`\`${flag}\` is at ${current}, and at least ${target} are wanted`) : to(target);
  });
}

/** More at once, if the limit is what holds requests back. */
export function moreAtOnce(flag: string, factor: number): Way {
  return turnNumber(flag, (current, { constraints: { max_concurrency: most }, observed: { runningMax } }) => {
    if (runningMax === null) return skip('the page does not tell how many requests run');
    if (runningMax < current)
      return skip(`at most ${runningMax} ran, so \`${flag}\` ${current} is not what holds requests back`);
    const target = Math.min(most, Math.ceil(current * factor));
    return target <= current ? skip(`\`${flag}\` is at ${current} already, allowed are ${most}`) : to(target);
  });
}

/** The engines cut prompts and cache into blocks of up to this many tokens, and some refuse a chunk that does not fit. */
const tokenStep = 256;
const upToStep = (tokens: number) => Math.ceil(tokens / tokenStep) * tokenStep;

/** Twice or half as many tokens in a step, between two bounds. */
export function chunk(flag: string, factor: number, bounds: { readonly min: number; readonly max: number }): Way {
  return turnNumber(flag, (current) => {
    const target = Math.min(bounds.max, Math.max(bounds.min, upToStep(current * factor)));
    const helps = factor > 1 ? target > current : target < current;
    return helps
      ? to(target)
      : skip(`\`${flag}\` is at ${current}, beyond ${factor > 1 ? bounds.max : bounds.min} nothing is documented`);
  });
}

/** A switch that should stand so. */
export function switched(flag: string, wanted: boolean): Way {
  return turnSwitch(flag, wanted, to(wanted));
}

/** A shorter context, never below what 99 of 100 requests are certain to need. */
export function shorterContext(flag: string): Way {
  return turnNumber(flag, (current, { constraints, observed: { p99Tokens } }) => {
    if (!constraints.allow_shorter_context) return skip('`allow_shorter_context` is false');
    if (p99Tokens === null) return skip('too few requests were seen to know how long they get');
    const target = Math.max(tokenStep, upToStep(p99Tokens));
    return target >= current
      ? skip(`requests of up to ${p99Tokens} tokens were seen, \`${flag}\` is ${current}`)
      : to(target);
  });
}

/** Twice the accelerators for each replica. */
export function doubled(flag: string): Way {
  return turnNumber(flag, (current, { constraints }) =>
    constraints.allow_scaling ? to(current * 2) : skip('`allow_scaling` is false'),
  );
}

/** Settings of the prompt phase help a late first token only when that phase is where the time goes. */
export function whenPrefillBound(turn: Way): Way {
  return (input) => {
    const { rule, cause } = input.finding;
    if (rule === 'prefill_bound' || cause === 'prefill_bound') return turn(input);
    return skip(`the first token is late, but not by reading prompts (cause: ${cause ?? 'unknown'})`);
  };
}

/** What another flag decides is not turned. */
export function unlessSet(other: string, turn: Way): Way {
  return (input) =>
    input.config.isSet(other) ? skip(`\`${other}\` is set, and decides how large the cache is`) : turn(input);
}

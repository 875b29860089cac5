/** Prices are asked of another service, over as many connections as it grants. A real one is a request away; this one sleeps. */
import { setTimeout as sleep } from 'node:timers/promises';

const connections = 8;
const answersInMs = 40;

let free = connections;
const waiting: (() => void)[] = [];

/** In euros, as it is shown. */
export async function priceOf(slug: string): Promise<string> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    await sleep(answersInMs);
    return `€ ${(slug.length * 1.35).toFixed(2)}`;
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

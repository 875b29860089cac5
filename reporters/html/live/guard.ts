/** Who may talk to the live page's server: a loopback address is open to every page in the reader's browser. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether the request names a loopback host. A page elsewhere can have its own name resolve to 127.0.0.1 (DNS
 * rebinding), but it cannot send another `Host` than its own.
 */
export function namesLoopback({ headers: { host = '' } }: Pick<IncomingMessage, 'headers'>): boolean {
  return loopbackNames.has(host.replace(/:\d+$/, ''));
}

/** Compares in constant time. */
export function sameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The body of a request, or undefined if it is longer than the limit; the rest is then not read. */
export async function bodyWithin(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Checks that a rollout comes from the agent: `t=<seconds since 1970>,v1=<hex>`, an HMAC-SHA-256 over `<t>.<body>`. The
 * other side of the agent's own signing, written apart from it so that the two check each other.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A message older than this, or from further in the future, may be a recorded one sent again. */
export const signatureLifetimeMs = 300_000;

interface SignedMessage {
  readonly secret: string;
  /** As it came: what decodes to the same text may be other bytes. */
  readonly body: Buffer;
  readonly signature: string;
  readonly nowMs: number;
}

/** What is wrong with the signature; absent when it holds. */
export function signatureProblem({ secret, body, signature, nowMs }: SignedMessage): string | undefined {
  const [, seconds, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (seconds === undefined || given === undefined) return 'the signature must look like `t=<seconds>,v1=<hex>`';
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) return 'the signature does not fit the body';
  return Math.abs(nowMs - Number(seconds) * 1_000) > signatureLifetimeMs ? 'the signature is too old' : undefined;
}

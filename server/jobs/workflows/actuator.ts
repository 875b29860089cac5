/**
 * Carries a stage out. The agent itself changes no engine: it tells a deployer by a signed webhook, or, in a dry run,
 * nobody. The same message may come twice, with the same idempotency key, when its answer was lost.
 */
import { createHmac } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import type { FlagChange } from '../../domain/optimization/flags.ts';
import { callJson } from '../call-json.ts';
import { Deadline } from '../deadline.ts';

export interface Rollout {
  readonly action: 'apply' | 'rollback';
  readonly workflow_id: string;
  readonly instance_id: string;
  readonly engine: string;
  /** Percentage that should have the change after this; 0 for a rollback. */
  readonly stage: number;
  /** For a rollback, the changes backwards: from what was tried to what was. */
  readonly changes: readonly FlagChange[];
  readonly idempotency_key: string;
}

export interface Actuator {
  /** Resolves when the stage is carried out. @throws {@link RolloutError} */
  readonly carryOut: (rollout: Rollout, signal: AbortSignal) => Promise<void>;
}

/** The deployer said no, or nothing; `retriable` tells whether asking again may help. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';
  readonly retriable: boolean;

  constructor(message: string, retriable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.retriable = retriable;
  }
}

/** Does nothing, and the result of the workflow says so. */
export const dryRun: Actuator = { carryOut: () => Promise.resolve() };

/** Tells nobody anything when the workflow is another agent's by now: the message would come long after its time. */
export function fenced(actuator: Actuator, stillOurs: () => Promise<void>): Actuator {
  return {
    carryOut: async (rollout, signal) => {
      await stillOurs().catch((error: unknown) => {
        if (signal.aborted) throw error;
        throw new RolloutError('it could not be told whether the workflow is still ours', true, { cause: error });
      });
      await actuator.carryOut(rollout, signal);
    },
  };
}

/** There is nobody to tell. */
export const noWebhook: Actuator = {
  carryOut: () => Promise.reject(new RolloutError('no webhook is configured (`WEBHOOK_URL`)', false)),
};

interface WebhookOptions {
  readonly url: string;
  /** Shared with the deployer. */
  readonly secret: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const signatureHeader = 'x-playload-signature';

/** `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA-256 over `<t>.<body>`, so that a recorded one is refused later: `docs/agent.md` has what its receiver checks. */
export function sign(secret: string, body: string, nowMs: number): string {
  const t = Math.floor(nowMs / 1_000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

export function webhook({ url, secret, timeoutMs, clock }: WebhookOptions): Actuator {
  const target = new URL(url);
  return {
    carryOut: async (rollout, signal) => {
      const body = JSON.stringify(rollout);
      const headers = {
        'idempotency-key': rollout.idempotency_key,
        [signatureHeader]: sign(secret, body, clock.nowMs()),
      };
      const deadline = new Deadline(timeoutMs, signal);
      const call = callJson({ url: target, headers, body, signal: deadline.signal });
      const { status } = await call
        .finally(() => deadline.end())
        .catch((error: unknown) => {
          const what = deadline.isOver
            ? `did not answer within ${timeoutMs} ms`
            : `can't be reached (${codeOf(error)})`;
          throw new RolloutError(`the webhook ${what}`, true, { cause: error });
        });
      if (status < 200 || status > 299)
        throw new RolloutError(`the webhook answered ${status}`, status >= 500 || status === 429);
    },
  };
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

/** What a call is made of, what it shares with the others of its context, and what comes of it. */
import type { SampleTags } from '../measure/samples/kind.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { HttpCredentials } from './credentials.ts';
import type { Deadlines } from './deadlines.ts';
import type { HeaderList } from './header-list.ts';
import type { Hop } from './hop.ts';
import type { Lane } from './connections/lane.ts';
import type { ResendRule } from './resend.ts';
import type { IsForgotten, OnCall, OnRequest, OnStream } from './sample.ts';
import type { Target } from './target.ts';
import type { TraceparentSource } from './traceparents.ts';

/** What calls of one context have in common. */
export interface CallHost {
  readonly now: () => number;
  readonly deadlines: Deadlines;
  readonly cookies: CookieJar;
  readonly credentials: HttpCredentials;
  readonly onCall: OnCall | undefined;
  readonly onRequest: OnRequest | undefined;
  readonly onStream: OnStream | undefined;
  readonly isForgotten: IsForgotten | undefined;
  readonly resend: ResendRule;
  /** Absent where calls carry no `traceparent` but their own. */
  readonly traceparents: TraceparentSource | undefined;
  /** From `now` to milliseconds since 1970. */
  readonly epochMs: number;
  lane(target: Target, insecure: boolean, host: string | undefined): Lane;
}

export interface CallParts {
  readonly method: string;
  readonly target: Target;
  readonly headers: Readonly<HeaderList>;
  readonly body: Buffer | undefined;
  readonly name: string | undefined;
  readonly tags: SampleTags | undefined;
  /** The GraphQL operation in its body. */
  readonly operation: string | undefined;
  readonly timeoutMs: number;
  /** Redirects to follow; below 0 none, and the redirect itself is the response. */
  readonly maxRedirects: number;
  readonly maxRetries: number;
  readonly insecure: boolean;
  /** Longest time that a `Retry-After` is waited for in all; absent when it is not looked at. */
  readonly retryAfterMs: number | undefined;
  readonly discardBody: boolean;
  readonly signal: AbortSignal | undefined;
  readonly calledAtMs: number;
}

/** A response, whole. */
export interface Answer {
  readonly hop: Hop;
  readonly body: Buffer;
}

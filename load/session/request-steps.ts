/**
 * Requests, groups and measured calls as steps of the test, for once mode: Playwright's reports and its trace then show
 * what a scenario did and what came back, as they do for its own `request`. A load makes none: a step takes longer than a request.
 */
import { type Request, test } from '@playwright/test';
import { maskText } from '../measure/mask.ts';
import { show } from '../measure/units.ts';
import { usersPlace } from '../run/call-site.ts';
import { overOf } from '../request/stream/request-stream.ts';
import { methodOfStream } from '../request/stream/stream-options.ts';
import type { StreamingRequestContext } from '../run/scenario.ts';

const methods: ReadonlySet<unknown> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'fetch']);

/** What a step tells of a response. */
interface Answer {
  status(): number;
  statusText(): string;
}
type Stream = StreamingRequestContext['stream'];
type Send = (urlOrRequest: string | Request, options?: { readonly method?: string }) => Promise<Answer>;

/** The same context, each of whose requests is a step with the status that came back within it. */
export function inSteps(request: StreamingRequestContext): StreamingRequestContext {
  return new Proxy(request, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (key === 'stream') return streamInStep(value.bind(target) as Stream);
      if (!methods.has(key)) return value.bind(target) as unknown;
      const send = value.bind(target) as Send;
      return ((urlOrRequest, options) =>
        stepOf(titleOf(String(key), urlOrRequest, options), async () => send(urlOrRequest, options))) satisfies Send;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

/** A stream is a step from its call to its end. */
function streamInStep(open: Stream): Stream {
  return (url, options) => {
    const stream = open(url, options);
    const location = usersPlace(new Error());
    const where = location === undefined ? {} : { location };
    const over = test.step(
      titleOf('fetch', url, { method: methodOfStream(options ?? {}) }),
      async () => {
        const end = await overOf(stream);
        await test.step(`${end.events} events, ended by ${end.endedBy}`, () => undefined, where);
      },
      where,
    );
    over.catch(() => undefined); // whoever takes its events is told
    return stream;
  };
}

/** A group or a measured call as a step, where its scenario asks for it. */
export async function inStep<Result>(title: string, part: () => Promise<Result>): Promise<Result> {
  const location = usersPlace(new Error());
  return test.step(maskText(title), part, location === undefined ? {} : { location });
}

async function stepOf(title: string, send: () => Promise<Answer>): Promise<Answer> {
  const location = usersPlace(new Error());
  const where = location === undefined ? {} : { location };
  return test.step(
    title,
    async () => {
      const answer = await send();
      await test.step(`${answer.status()} ${answer.statusText()}`.trim(), () => undefined, where);
      return answer;
    },
    where,
  );
}

/** `GET /health?full=1`, its secrets masked. What is no request is refused when it is sent. */
function titleOf(key: string, urlOrRequest: unknown, options: { readonly method?: unknown } | undefined): string {
  const page = isRequest(urlOrRequest) ? urlOrRequest : undefined;
  const given = key === 'fetch' ? (options?.method ?? page?.method() ?? 'get') : key;
  const method = typeof given === 'string' ? given.toUpperCase() : show(given);
  return maskText(`${method} ${page?.url() ?? (typeof urlOrRequest === 'string' ? urlOrRequest : show(urlOrRequest))}`);
}

function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && 'postDataBuffer' in value;
}

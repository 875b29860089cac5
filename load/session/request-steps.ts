/**
 * Requests as steps of the test, for once mode: Playwright's reports and its trace then show what a scenario sent and what
 * came back, as they do for its own `request`. A load makes none: a step takes longer than a request.
 */
import { type Request, test } from '@playwright/test';
import { maskText } from '../measure/mask.ts';
import { usersPlace } from '../run/call-site.ts';
import type { LoadRequestContext } from '../run/scenario.ts';

const methods: ReadonlySet<unknown> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'fetch']);

interface Answer {
  status(): number;
  statusText(): string;
}
type Send = (urlOrRequest: string | Request, options?: { readonly method?: string }) => Promise<Answer>;

/** The same context, each of whose requests is a step with the status that came back within it. */
export function inSteps(request: LoadRequestContext): LoadRequestContext {
  return new Proxy(request, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (!methods.has(key)) return value.bind(target) as unknown;
      const send = value.bind(target) as Send;
      return ((urlOrRequest, options) =>
        stepOf(titleOf(String(key), urlOrRequest, options), async () => send(urlOrRequest, options))) satisfies Send;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
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

/** `GET /health?full=1`, its secrets masked. */
function titleOf(key: string, urlOrRequest: unknown, options: { readonly method?: unknown } | undefined): string {
  const isUrl = typeof urlOrRequest === 'string';
  const asked =
    isUrl || urlOrRequest === null || typeof urlOrRequest !== 'object' ? undefined : (urlOrRequest as Request);
  const method = key === 'fetch' ? (options?.method ?? asked?.method() ?? 'get') : key;
  return maskText(`${String(method).toUpperCase()} ${asked === undefined ? String(urlOrRequest) : asked.url()}`);
}

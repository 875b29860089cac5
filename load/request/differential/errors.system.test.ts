import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

const calls: Script[] = [
  { title: 'refused', run: (request, look) => look(request.get('http://127.0.0.1:1/')) },
  { title: 'refused on both addresses of localhost', run: (request, look) => look(request.get('http://localhost:1/')) },
  { title: 'no such host', run: (request, look) => look(request.get('http://no-such-host.invalid/')) },
  { title: 'a timeout before the response', run: (request, look) => look(request.get('/never', { timeout: 1_500 })) },
  { title: 'a timeout in the body', run: (request, look) => look(request.get('/slow-body', { timeout: 1_500 })) },
  {
    title: 'the timeout of the context',
    context: { timeout: 1_500 },
    run: (request, look) => look(request.put('/never')),
  },
  {
    title: 'a timeout after redirects',
    run: (request, look) => look(request.get('/redirect?to=/never', { timeout: 1_500 })),
  },
  {
    title: 'a timeout while waiting to retry',
    run: (request, look) => look(request.get('/raw/close-at-once', { timeout: 1_700, maxRetries: 3 })),
  },
  {
    title: 'a status that fails',
    run: (request, look) => look(request.get('/status?code=500&body=sorry', { failOnStatusCode: true })),
  },
  {
    title: 'a status that fails, in short',
    run: (request, look) => look(request.get('/status?code=404&text=Gone%20fishing', { failOnStatusCode: true })),
  },
  {
    title: 'a context whose statuses fail',
    context: { failOnStatusCode: true },
    run: (request, look) => look(request.delete('/status?code=404')),
  },
  {
    title: 'a call that takes it back',
    context: { failOnStatusCode: true },
    run: (request, look) => look(request.get('/status?code=404', { failOnStatusCode: false })),
  },
  {
    title: 'a retry that succeeds',
    run: (request, look) => look(request.get('/flaky?times=1', { maxRetries: 1 })),
  },
  ...['gzip', 'br', 'deflate', 'identity'].flatMap((encoding): Script[] => [
    {
      title: `a retry past ${encoding === 'identity' ? 'an' : 'a'} ${encoding} body that was reset`,
      run: (request, look) => look(request.get(`/flaky?times=1&body=${encoding}`, { maxRetries: 1 })),
    },
    {
      title: `retries used up by ${encoding} bodies that were reset`,
      run: (request, look) => look(request.get(`/flaky?times=9&body=${encoding}`, { maxRetries: 1 })),
    },
  ]),
  {
    title: 'retries that are used up',
    run: (request, look) => look(request.get('/raw/close-at-once', { maxRetries: 1 })),
  },
  {
    title: 'retries that do not help a refusal',
    run: (request, look) => look(request.get('http://127.0.0.1:1/', { maxRetries: 1 })),
  },
  { title: 'two bodies', run: (request, look) => look(request.post('/echo', { data: 'x', form: { a: 1 } })) },
  { title: 'negative redirects', run: (request, look) => look(request.get('/echo', { maxRedirects: -1 })) },
  { title: 'negative retries', run: (request, look) => look(request.get('/echo', { maxRetries: -1 })) },
  { title: 'a method that is none', run: (request, look) => look(request.fetch('/echo', { method: 'A B' })) },
];

const methods: Script[] = (['get', 'post', 'put', 'patch', 'delete', 'head', 'fetch'] as const).map((method) => ({
  title: `${method} names itself in its error`,
  run: (request, look) => look(request[method]('http://127.0.0.1:1/')),
}));

const reasons: readonly { readonly words: string; readonly reason: unknown }[] = [
  { words: 'no reason', reason: undefined },
  { words: 'an error', reason: new Error('enough') },
  { words: 'a text', reason: 'enough' },
];

const aborts: Script[] = reasons.flatMap(({ words, reason }): Script[] => [
  {
    title: `aborted in flight for ${words}`,
    run: async (request, look, _baseURL, server) => {
      const controller = new AbortController();
      void server.arrival().then(() => controller.abort(reason));
      await look(request.get('/never', { signal: controller.signal }));
      return causeOf(request.get('/echo', { signal: controller.signal }));
    },
  },
]);

/** The reason that an aborted call carries. */
async function causeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return error instanceof Error ? { name: error.name, cause: String(error.cause) } : error;
  }
}

const ends: Script[] = [
  {
    title: 'disposed in flight',
    run: async (request, look, _baseURL, server) => {
      const call = look(request.get('/never'));
      await server.arrival();
      await request.dispose({ reason: 'time is up' });
      await call;
      await look(request.get('/echo'));
    },
  },
  {
    title: 'disposed without a reason',
    run: async (request, look, _baseURL, server) => {
      const call = look(request.get('/never'));
      await server.arrival();
      await request.dispose();
      await call;
      await look(request.get('/echo'));
    },
  },
  {
    title: 'a response after it was disposed of',
    run: async (request) => {
      const response = await request.get('/echo');
      await response.dispose();
      const failures: unknown[] = [];
      for (const read of [() => response.body(), () => response.text(), () => response.json()]) {
        await read().catch((error: unknown) => failures.push(error instanceof Error ? error.message : error));
      }
      return { failures, status: response.status() };
    },
  },
  {
    title: 'JSON that is none',
    run: async (request) => {
      const response = await request.get('/status?code=200&body=oops');
      return response
        .json()
        .then(JSON.stringify, (error: unknown) => (error instanceof Error ? [error.name, error.message] : error));
    },
  },
  {
    title: 'a response once its context is disposed of',
    run: async (request) => {
      const response = await request.get('/echo');
      await request.dispose();
      return response.text().catch((error: unknown) => (error instanceof Error ? error.message : error));
    },
  },
];

differ([...calls, ...methods, ...aborts, ...ends]);

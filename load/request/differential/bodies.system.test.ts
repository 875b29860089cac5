import { setTimeout as sleep } from 'node:timers/promises';
import { rawAnswers } from '../../../testing/differential/raw-answers.ts';
import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

const encodings: Script[] = ['gzip', 'x-gzip', 'GZIP', 'br', 'deflate', 'raw-deflate', 'identity', 'unknown'].flatMap(
  (name): Script[] => [
    { title: name, run: (request, look) => look(request.get(`/encoded?as=${name}`)) },
    { title: `${name} of an empty body`, run: (request, look) => look(request.get(`/encoded?as=${name}&empty`)) },
    { title: `${name} that is not`, run: (request, look) => look(request.get(`/encoded?as=${name}&garbage`)) },
    { title: `${name} cut to 20 bytes`, run: (request, look) => look(request.get(`/encoded?as=${name}&cut=20`)) },
    { title: `${name} of a large body`, run: (request, look) => look(request.get(`/encoded?as=${name}&size=dense`)) },
    { title: `${name} of a bomb`, run: (request, look) => look(request.get(`/encoded?as=${name}&size=sparse`)) },
    { title: `${name} to a HEAD`, run: (request, look) => look(request.head(`/encoded?as=${name}`)) },
  ],
);

const statuses: Script[] = [
  200, 201, 202, 203, 204, 205, 206, 207, 226, 304, 400, 404, 409, 418, 429, 500, 503, 599,
].flatMap((code): Script[] => [
  { title: `${code} with a body`, run: (request, look) => look(request.get(`/status?code=${code}&body=text`)) },
  { title: `${code} without`, run: (request, look) => look(request.get(`/status?code=${code}&text=Odd%20words`)) },
]);

const methods: Script[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PURGE',
  'get',
  'proPfind',
].map((method) => ({
  title: `a body answered to ${method}`,
  run: (request, look) => look(request.fetch('/echo', { method })),
}));

const others: Script[] = ['/chunked', '/headers', '/early-hints', '/processing', '/big'].map((path) => ({
  title: `the answer of ${path}`,
  run: (request, look) => look(request.get(path)),
}));

/** After each a second request, so that a connection left in a bad state shows. */
const raw: Script[] = Object.entries(rawAnswers)
  .filter(([name]) => !['redirect-body-never-ends'].includes(name))
  .flatMap(([name, { then }]): Script[] => [
    {
      title: `raw ${name}`,
      run: async (request, look) => {
        await look(request.get(`/raw/${name}`, { timeout: 5_000 }));
        // Playwright takes about a millisecond between two requests, in which it sees that the connection was closed. After
        // a standstill timers come before sockets: by several of them each side has looked at its sockets, however slow.
        for (let n = 0; n < 10; n++) await sleep(2);
        // Where the server leaves its answer open, nobody reads the next request: that is not waited for long.
        const timeout = then === 'nothing' ? 1_000 : 5_000;
        await look(request.get('/status?code=200&body=next', { timeout }));
      },
    },
  ]);

const heads: Script[] = ['no-content-with-body', 'body-cut-off', 'chunk-cut-off', 'huge-length', 'dribble'].map(
  (name) => ({
    title: `raw ${name} to a HEAD`,
    run: (request, look) => look(request.head(`/raw/${name}`, { timeout: 5_000 })),
  }),
);

differ([...encodings, ...statuses, ...methods, ...others, ...raw, ...heads]);

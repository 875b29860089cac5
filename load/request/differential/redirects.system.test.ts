import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const statuses = [301, 302, 303, 307, 308] as const;

const rewritten: Script[] = statuses.flatMap((code) =>
  methods.map((method) => ({
    title: `${code} after ${method} with a body and headers about it`,
    run: (request, look) =>
      look(
        request.fetch(`/redirect?code=${code}&to=/echo`, {
          method,
          data: { a: 1 },
          headers: { 'content-language': 'de', 'x-own': 'kept', authorization: 'Bearer kept' },
        }),
      ),
  })),
);

const notFollowed: Script[] = [300, 304, 305, 306].map((code) => ({
  title: `${code} is not followed`,
  run: (request, look) => look(request.get(`/redirect?code=${code}&to=/echo&body=`)),
}));

const limits: Script[] = [
  { left: 3, maxRedirects: 0 },
  { left: 3, maxRedirects: 1 },
  { left: 3, maxRedirects: 2 },
  { left: 3, maxRedirects: 3 },
  { left: 20, maxRedirects: undefined },
  { left: 21, maxRedirects: undefined },
].map(({ left, maxRedirects }) => ({
  title: `a chain of ${left} with maxRedirects ${maxRedirects ?? 'by default'}`,
  run: (request, look) => look(request.get(`/chain?left=${left}`, maxRedirects === undefined ? {} : { maxRedirects })),
}));

const places: Script[] = [
  '/echo?a=1#fragment',
  'echo',
  '//127.0.0.1/nowhere-else',
  '?again=1',
  '../echo',
  'ftp://127.0.0.1/x',
  'data:text/plain,hello',
  'HTTP://LOCALHOST:1/',
].map((to) => ({
  title: `a redirect to ${to}`,
  run: (request, look) =>
    look(request.get(`/redirect?to=${encodeURIComponent(to)}`, { maxRedirects: 2, timeout: 5_000 })),
}));

const others: Script[] = [
  { title: 'a redirect without a place', run: (request, look) => look(request.get('/redirect?code=302')) },
  { title: 'a redirect to no URL', run: (request, look) => look(request.get('/raw/invalid-location')) },
  { title: 'a redirect in UTF-8', run: (request, look) => look(request.get('/raw/utf8-location')) },
  { title: 'a redirect to an empty place', run: (request, look) => look(request.get('/raw/empty-location')) },
  {
    title: 'a redirect whose body never ends',
    run: (request, look) => look(request.get('/raw/redirect-body-never-ends', { timeout: 5_000 })),
  },
  { title: 'a loop', run: (request, look) => look(request.get('/loop')) },
  {
    title: 'a context that follows none',
    context: { maxRedirects: 0 },
    run: (request, look) => look(request.get('/chain?left=1')),
  },
  {
    title: 'a context that follows one, a call that follows three',
    context: { maxRedirects: 1 },
    run: (request, look) => look(request.get('/chain?left=3', { maxRedirects: 3 })),
  },
  {
    title: 'another origin gets no authorization, but other headers',
    run: (request, look, baseURL) =>
      look(
        request.get(`/redirect?to=${encodeURIComponent(`${baseURL.replace('127.0.0.1', 'localhost')}/echo`)}`, {
          headers: { authorization: 'Bearer secret', 'x-own': 'kept', cookie: 'own=1' },
        }),
      ),
  },
  {
    title: 'a cookie set on the way is sent on',
    run: (request, look) =>
      look(request.get('/redirect?cookie=a%3D1&cookie=b%3D2&to=/redirect%3Fcookie%3Dc%253D3%26to%3D/echo')),
  },
  {
    title: 'a host header follows the redirect',
    run: (request, look) => look(request.get('/redirect?to=/echo', { headers: { host: 'example.test' } })),
  },
  {
    title: 'a form after 307 is sent again',
    run: (request, look) => look(request.post('/redirect?code=307&to=/echo', { form: { a: '1' } })),
  },
  {
    title: 'failOnStatusCode accepts a redirect that is not followed',
    run: (request, look) => look(request.get('/redirect?to=/echo', { failOnStatusCode: true, maxRedirects: 0 })),
  },
];

const withCredentials = (address: string, user = 'ann:secret'): string => address.replace('//', `//${user}@`);

/** Each leads from an address with credentials to this place. */
const credentials: Script[] = [
  { title: 'a path', to: () => '/echo' },
  { title: 'the same origin', to: (baseURL: string) => `${baseURL}/echo` },
  { title: 'the same origin with others', to: (baseURL: string) => `${withCredentials(baseURL, 'bob:other')}/echo` },
  { title: 'another origin', to: (baseURL: string) => `${baseURL.replace('127.0.0.1', 'localhost')}/echo` },
  {
    title: 'another origin with others',
    to: (baseURL: string) => `${withCredentials(baseURL.replace('127.0.0.1', 'localhost'), 'bob:other')}/echo`,
  },
].flatMap(({ title, to }): Script[] => [
  {
    title: `credentials of a URL, redirected to ${title}`,
    run: (request, look, baseURL) =>
      look(request.get(`${withCredentials(baseURL)}/redirect?to=${encodeURIComponent(to(baseURL))}`)),
  },
  {
    title: `credentials of a URL beside a header, redirected to ${title}`,
    run: (request, look, baseURL) =>
      look(
        request.get(`${withCredentials(baseURL)}/redirect?to=${encodeURIComponent(to(baseURL))}`, {
          headers: { Authorization: 'Bearer own' },
        }),
      ),
  },
]);

const wrongCredentials: Script = {
  title: 'wrong credentials in the URL, right ones in the context',
  context: { httpCredentials: { username: 'ann', password: 'secret' } },
  run: (request, look, baseURL) => look(request.get(`${withCredentials(baseURL, 'bob:other')}/basic`)),
};

differ([...credentials, wrongCredentials, ...rewritten, ...notFollowed, ...limits, ...places, ...others]);

/** What people ask of a response, beside what every other script of this folder looks at. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type APIRequestContext, type APIResponse, type Request } from '@playwright/test';
import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

/** Without colours, addresses and the call log, which is documented to differ. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message}`
    .replace(/\nCall log:[^]*/, '')
    .replace(/\u001b\[\d+m/g, '')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST');
}

async function outcome(call: () => unknown): Promise<unknown> {
  try {
    const value = await call();
    return value instanceof Buffer ? value.toString('latin1') : JSON.stringify(value);
  } catch (error) {
    return words(error);
  }
}

async function readings(response: APIResponse): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const read of [() => response.body(), () => response.text(), () => response.json()]) {
    seen.push(await outcome(read), await outcome(read));
  }
  return seen;
}

const bodies: Readonly<Record<string, string | Buffer>> = {
  empty: '',
  null: 'null',
  'a number': '1e3',
  'a byte order mark and JSON': Buffer.from('\ufeff{"a":1}'),
  'Latin-1': Buffer.from('{"a":"ü"}', 'latin1'),
  'invalid UTF-8': Buffer.from([0x22, 0xc3, 0x28, 0xff, 0x22]),
  'UTF-16': Buffer.from('{"a":1}', 'utf16le'),
  'white space around JSON': ' \r\n{"a":1}\t',
  'JSON cut off': '{"a":',
  'a long text that is no JSON': 'x'.repeat(5_000),
  'a surrogate alone': '"\\ud800"',
  'a NUL': 'a\0b',
};

const reads: Script[] = Object.entries(bodies).flatMap(([name, body]) =>
  ['application/json', 'text/plain; charset=iso-8859-1'].map((type): Script => ({
    title: `${name} as ${type} read twice each way`,
    run: async (request) => {
      const bytes = encodeURIComponent(Buffer.from(body).toString('base64'));
      const response = await request.get(`/bytes?type=${encodeURIComponent(type)}&base64=${bytes}`);
      const before = await readings(response);
      await response.dispose();
      await response.dispose();
      return {
        before,
        after: await readings(response),
        status: response.status(),
        type: response.headers()['content-type'],
      };
    },
  })),
);

/** Which moments there are, and in which order. */
async function timed(request: APIRequestContext, url: string): Promise<unknown> {
  const before = Date.now();
  const { startTime, ...moments } = (await request.get(url)).timing();
  const order = Object.values(moments).filter((moment) => moment !== -1);
  return {
    absent: Object.entries(moments).flatMap(([name, moment]) => (moment === -1 ? [name] : [])),
    names: Object.keys(moments),
    inOrder: order.every((moment, at) => moment >= (order[at - 1] ?? 0)),
    begins: startTime >= before && startTime <= Date.now(),
    whole: Number.isInteger(startTime),
    lookedUpFrom: moments.domainLookupStart,
    connectedFrom: moments.connectStart - Math.max(moments.domainLookupEnd, 0) <= 0,
  };
}

const timings: Script[] = [
  { title: 'timing over a new connection', run: (request) => timed(request, '/echo') },
  {
    title: 'timing over a connection used again',
    run: async (request) => [
      await timed(request, '/echo'),
      await timed(request, '/echo'),
      await timed(request, '/echo'),
    ],
  },
  {
    title: 'timing of a name',
    run: (request, _look, baseURL) => timed(request, `${baseURL.replace('127.0.0.1', 'localhost')}/echo`),
  },
  { title: 'timing after a redirect', run: (request) => timed(request, '/redirect?to=/echo') },
  { title: 'timing of a compressed body', run: (request) => timed(request, '/encoded?as=gzip&size=sparse') },
];

const matchers: Script[] = [200, 204, 299, 304, 404, 500].map((code) => ({
  title: `toBeOK and its opposite of ${code}`,
  run: async (request) => {
    const response = await request.get(`/status?code=${code}`);
    const failure = async (assertion: () => Promise<void>): Promise<unknown> => {
      const told = String(await outcome(assertion));
      return told.split('\n').filter((line) => !/user-agent|date:|keep-alive|connection/i.test(line));
    };
    return [await failure(() => expect(response).toBeOK()), await failure(() => expect(response).not.toBeOK())];
  },
}));

const uses: Script[] = [
  {
    title: 'addresses and certificates',
    anyHost: true,
    run: async (request) => {
      const [plain, secure] = [await request.get('http://shop.test/'), await request.get('https://shop.test/')];
      return [
        Object.keys((await plain.serverAddr()) ?? {}),
        await plain.securityDetails(),
        await secure.securityDetails(),
        await (await request.get('https://shop.test/')).securityDetails(),
      ];
    },
  },
  {
    title: 'headers by name and as a list',
    run: async (request) => {
      const response = await request.get('/headers');
      const named = response.headersArray().filter(({ name }) => /^x-|cookie/i.test(name));
      return [named, response.headers()['x-twice'], response.headers()['set-cookie'], response.headers()['X-Twice']];
    },
  },
  {
    title: 'a state written to a file in a folder that is not there',
    run: async (request) => {
      const path = join(await mkdtemp(join(tmpdir(), 'state-')), 'deep', 'state.json');
      await request.get('/set-cookie?c=a%3D1&c=b%3D2%3B%20Domain%3Dlocalhost');
      const state = await request.storageState({ path });
      return [state.cookies, (await readFile(path, 'utf8')).includes('"name": "a"')];
    },
  },
  ...[undefined, { method: '' }, { method: 'delete' }, { headers: {} }, { data: '' }, { form: { a: 1 } }].map(
    (options): Script => ({
      title: `a page's request sent again with ${JSON.stringify(options)}`,
      run: (request, look, baseURL) => look(request.fetch(pageRequest(baseURL), options)),
    }),
  ),
  {
    title: 'a method of nothing',
    run: (request, look) => look(request.fetch('/echo', { method: '' })),
  },
  {
    title: 'a URL that is none of the two',
    run: async (request) => [
      await outcome(() => request.get(undefined as unknown as string)),
      await outcome(() => request.fetch(null as unknown as string)),
    ],
  },
  ...[399, 400, 599].map((code): Script => ({
    title: `failOnStatusCode at ${code} with a long body`,
    run: (request) =>
      outcome(async () => {
        const path = `/status?code=${code}&text=Odd&body=${'x'.repeat(1_200)}`;
        return (await request.get(path, { failOnStatusCode: true })).status();
      }),
  })),
  {
    title: 'a context that is disposed of twice',
    run: async (request) => {
      await request.dispose();
      return [await outcome(() => request.dispose()), await outcome(() => request.storageState())];
    },
  },
  {
    title: 'URLs that cookies are asked for',
    run: async (request, _look, baseURL) => {
      await request.addCookies([{ name: 'a', value: '1', url: baseURL }]);
      return [
        (await request.cookies([])).length,
        (await request.cookies(baseURL)).length,
        (await request.cookies([baseURL, baseURL])).length,
        (await request.cookies(null as unknown as string)).length,
      ];
    },
  },
];

function pageRequest(baseURL: string): Request {
  return Object.assign(Object.create(null) as Request, {
    url: () => `${baseURL}/echo`,
    method: () => 'PUT',
    headers: () => ({ 'x-page': '1', 'content-type': 'text/plain' }),
    postDataBuffer: () => Buffer.from('from the page'),
  });
}

/** Files of these names, whose types Playwright knows or does not. */
const extensions =
  'txt html htm css js mjs cjs ts tsx jsx json jsonld json5 map xml xhtml svg csv tsv md markdown yaml yml toml ini log ' +
  'pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub zip gz tgz tar bz2 xz 7z rar zst jar war exe dmg iso apk deb rpm ' +
  'png jpg jpeg jpe gif webp avif bmp ico tif tiff heic heif jxl psd ai eps mp3 mp4 m4a m4v mov avi mkv webm ogg oga ogv ' +
  'opus wav flac aac mid mpeg mpg wmv woff woff2 ttf otf eot wasm bin dat sh py rb java c h php sql proto graphql vtt srt ' +
  'ics vcf eml msg pem crt key p12 pfx har webmanifest manifest atom rss JPG tar.gz unknown';

const files: Script[] = [
  {
    title: 'the types of files by their names',
    run: async (request) => {
      const form = new FormData();
      for (const extension of extensions.split(' ')) form.append('f', new File(['x'], `a.${extension}`));
      await request.post('/echo', { multipart: form });
    },
  },
];

differ([...reads, ...timings, ...matchers, ...uses, ...files]);

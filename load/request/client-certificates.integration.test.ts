/** Client certificates that Node refuses, in a process of its own: it must outlive them, whichever way they would have gone. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import type { HostileAsked, HostileOutcome } from '../../testing/hostile-material.ts';
import { test } from '../../testing/plain-test.ts';
import { certificatesByOrigin, holdCertificates } from './client-certificates.ts';
import { serverKeys } from '../../testing/certificate.ts';
import { listening } from '../../testing/listening.ts';
import { RequestContext } from './context.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`../../testing/certificates/${name}`, import.meta.url));
const child = fileURLToPath(new URL('../../testing/hostile-material.ts', import.meta.url));

const { listen } = listening();

function tlsServer(requestCert = false): Promise<number> {
  const keys = serverKeys();
  const server = createTlsServer({ ...keys, requestCert, ca: readFileSync(pathOf('client.crt')) }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

/** Answers whatever it is asked as its protocol says yes, and leads to `to`. */
function proxyTo(to: number, yes: readonly (string | readonly number[])[]): Promise<number> {
  return listen(
    createServer((socket) => {
      const left = [...yes];
      const answer = (): void => {
        const bytes = left.shift() ?? '';
        socket.write(typeof bytes === 'string' ? bytes : Buffer.from(bytes));
        if (left.length > 0) return;
        const onward = connect(to, '127.0.0.1');
        onward.on('error', () => undefined);
        socket.off('data', answer).pipe(onward).pipe(socket);
      };
      socket.on('data', answer);
    }),
  );
}

async function runChild(asked: HostileAsked): Promise<(HostileOutcome | 'alive')[]> {
  const running = spawn(process.execPath, ['--import', 'tsx', child, JSON.stringify(asked)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = (await text(running.stdout)).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as HostileOutcome | 'alive');
}

const client = { certPath: pathOf('client.crt'), keyPath: pathOf('client.key') };
const encrypted = { certPath: pathOf('client.crt'), keyPath: pathOf('client-encrypted.key') };

/** Everything Node refuses, with the reason given; OpenSSL's own words differ from version to version. */
const refused = [
  {
    what: 'a wrong passphrase',
    certificate: { ...encrypted, passphrase: 'wrong' },
    says: /`keyPath` ".*client-encrypted\.key" can't be used: .*passphrase/,
  },
  { what: 'no passphrase', certificate: encrypted, says: /`keyPath` ".*" can't be used: .*passphrase/ },
  {
    what: 'a certificate that is no PEM',
    certificate: { ...client, certPath: pathOf('README.md') },
    says: /`certPath` ".*README\.md" can't be used: .*PEM/,
  },
  {
    what: 'a key that is no PEM',
    certificate: { ...client, keyPath: pathOf('README.md') },
    says: /`keyPath` ".*README\.md" can't be used: .*PEM/,
  },
  {
    what: 'certificate and key swapped',
    certificate: { certPath: client.keyPath, keyPath: client.certPath },
    says: /`certPath` ".*client\.key" can't be used: .*PEM/,
  },
  {
    what: 'a key of another',
    certificate: { ...client, keyPath: pathOf('server.key') },
    says: /its certificate and its key can't be used: .*another certificate/,
  },
  {
    what: 'a weak key',
    certificate: { certPath: pathOf('weak.crt'), keyPath: pathOf('weak.key') },
    says: /`certPath` ".*weak\.crt" can't be used: .*too small/,
  },
  {
    what: 'a PKCS#12 file with a wrong passphrase',
    certificate: { pfxPath: pathOf('client.pfx'), passphrase: 'wrong' },
    says: /`pfxPath` ".*client\.pfx" can't be used: .*passphrase/,
  },
  {
    what: 'a PKCS#12 file without its passphrase',
    certificate: { pfxPath: pathOf('client.pfx') },
    says: /`pfxPath` ".*" can't be used: .*passphrase/,
  },
  {
    what: 'a PKCS#12 file that is none',
    certificate: { pfxPath: client.certPath },
    says: /`pfxPath` ".*client\.crt" can't be used: /,
  },
  {
    what: 'a PKCS#12 file that OpenSSL has given up',
    certificate: { pfxPath: pathOf('client-rc2.pfx'), passphrase: 'secret' },
    says: /`pfxPath` ".*client-rc2\.pfx" can't be used: /,
  },
  {
    what: 'a file that is not there',
    certificate: { ...client, certPath: pathOf('no-such.crt') },
    says: /`certPath` ".*no-such\.crt" can't be used: ENOENT/,
  },
  { what: 'a folder', certificate: { ...client, keyPath: pathOf('.') }, says: /`keyPath` ".*" can't be used: EISDIR/ },
];

test('certificates that Node refuses are an error of the context, and no end of the process', async () => {
  const port = await tlsServer();
  const tunnel = await proxyTo(port, ['HTTP/1.1 200 OK\r\n\r\n']);
  const socks = await proxyTo(port, [
    [5, 0],
    [5, 0, 0, 1, 127, 0, 0, 1, 0, 80],
  ]);
  const outcomes = await runChild({
    origin: `https://localhost:${port}`,
    proxies: ['', `http://127.0.0.1:${tunnel}`, `socks5://127.0.0.1:${socks}`],
    certificates: Object.fromEntries(refused.map(({ what, certificate }) => [what, certificate])),
  });
  const expected = ['no proxy', 'http:', 'socks5:'].flatMap((via) => [
    ...refused.map(({ what }) => ({
      what,
      via,
      error: expect.stringMatching(/^OptionsError: /),
    })),
    { what: 'unchecked', via, error: expect.stringMatching(/PEM/) },
  ]);
  expect(outcomes).toEqual([...expected, 'alive']);
});

for (const { what, certificate, says } of refused) {
  test(`${what} is named by its option and file`, () => {
    const made = () => new RequestContext({ clientCertificates: [{ origin: 'https://localhost', ...certificate }] });
    expect(made).toThrow(says);
  });
}

test('certificates are read once for all contexts that share them, encrypted or not', async () => {
  const port = await tlsServer(true);
  const origin = `https://localhost:${port}`;
  for (const certificate of [
    { ...encrypted, passphrase: 'secret' },
    { pfxPath: pathOf('client.pfx'), passphrase: 'secret' },
  ]) {
    const shared = holdCertificates([{ origin, ...certificate }]);
    for (const clientCertificates of [shared, shared]) {
      await using context = new RequestContext({ ignoreHTTPSErrors: true, clientCertificates });
      expect(await (await context.get(origin)).text()).toBe('ok');
    }
    expect(certificatesByOrigin(shared)).toBe(certificatesByOrigin(shared));
  }
});

test('two certificates of one kind for one origin are more than OpenSSL keeps', () => {
  const other = { certPath: pathOf('server.crt'), keyPath: pathOf('server.key') };
  const origin = 'https://localhost';
  const made = () =>
    new RequestContext({
      clientCertificates: [
        { origin, ...client },
        { origin, ...other },
      ],
    });
  expect(made).toThrow("`clientCertificates`: the 2 of https://localhost can't be used together: ");
});

for (const origin of ['localhost', 'localhost:8443', 'http://localhost']) {
  test(`the origin "${origin}" is refused`, () => {
    const made = () => new RequestContext({ clientCertificates: [{ origin, ...client }] });
    const expected = 'must be an origin such as `https://example.com`';
    expect(made).toThrow(`\`clientCertificates[0]\`: \`origin\` ${expected}, got "${origin}"`);
  });
}

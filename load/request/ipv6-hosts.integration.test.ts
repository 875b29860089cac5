/**
 * A host that is an IPv6 address stands in brackets where a port may follow (RFC 3986, 3.2.2), and without them where an
 * address is meant. Each request goes through a proxy that leads to this machine, so that none needs IPv6.
 */
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, request as playwrights } from '@playwright/test';
import { serverKeys } from '../../testing/certificate.ts';
import { listening } from '../../testing/listening.ts';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';

const { listen } = listening();

/** Says of each request which host it is for, and which name it asked for in the handshake. */
async function origin(secure: boolean): Promise<{ readonly port: number; readonly seen: (string | false | null)[][] }> {
  const seen: (string | false | null)[][] = [];
  const onSocket = (socket: Socket & { readonly servername?: string | false | null }): void => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      const host = /\r\nhost: (.*)\r\n/i.exec(bytes.toString('latin1'))?.[1] ?? '';
      seen.push([host, secure ? (socket.servername ?? null) : null]);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  };
  const keys = serverKeys();
  return { seen, port: await listen(secure ? createTlsServer(keys, onSocket) : createServer(onSocket)) };
}

/** A proxy that leads to this machine, whatever it is asked for; `asked` is what it was, less the greeting of SOCKS5. */
async function proxyTo(
  to: number,
  yes: readonly (string | readonly number[])[],
): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    const left = [...yes];
    const answer = (bytes: Buffer): void => {
      if (left.length === 1) asked.push(bytes.toString('latin1'));
      socket.write(Buffer.from(left.shift() ?? []));
      if (left.length > 0) return;
      const onward = connect(to, '127.0.0.1').on('error', () => undefined);
      socket.off('data', answer).pipe(onward).pipe(socket);
    };
    socket.on('data', answer);
  });
  return { asked, port: await listen(server) };
}

const established = ['HTTP/1.1 200 Connection established\r\n\r\n'];
const granted = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80];
const loopback = `${'\0'.repeat(15)}\u0001`;

const contexts = {
  ours: (options: object) => new RequestContext(options),
  "Playwright's": (options: object) => playwrights.newContext(options),
};
const ways = [
  { scheme: 'http', yes: established, asks: (port: number) => `CONNECT [::1]:${port} HTTP/1.1\r\n` },
  { scheme: 'socks5', yes: [[5, 0], granted], asks: () => `\u0005\u0001\0\u0004${loopback}` },
];
for (const [whose, make] of Object.entries(contexts)) {
  for (const { scheme, yes, asks } of ways) {
    for (const secure of [false, true]) {
      const url = `${secure ? 'https' : 'http'}://[::1]`;
      test(`${whose}: a ${scheme} proxy is asked for ${url} by its address, and the server by none`, async () => {
        const { port, seen } = await origin(secure);
        const proxy = await proxyTo(port, yes);
        const context = await make({
          ignoreHTTPSErrors: true,
          proxy: { server: `${scheme}://127.0.0.1:${proxy.port}` },
        });
        expect(await (await context.get(`${url}:${port}/`)).text()).toBe('ok');
        await context.dispose();
        expect(proxy.asked.map((text) => text.slice(0, asks(port).length))).toEqual([asks(port)]);
        if (scheme === 'http') expect(proxy.asked[0]).toMatch(new RegExp(`\r\nhost: \\[::1\\]:${port}\r\n`, 'i'));
        expect(seen).toEqual([[`[::1]:${port}`, secure ? false : null]]);
      });
    }
  }

  test(`${whose}: a \`host\` header with an IPv6 address names no server in the handshake`, async () => {
    const { port, seen } = await origin(true);
    const context = await make({ ignoreHTTPSErrors: true });
    await context.get(`https://127.0.0.1:${port}/`, { headers: { host: '[2001:db8::1]:8443' } });
    await context.dispose();
    expect(seen).toEqual([['[2001:db8::1]:8443', false]]);
  });
}

test('a SOCKS4 proxy, which knows no IPv6, is given the address as a name', async () => {
  const { port } = await origin(false);
  const proxy = await proxyTo(port, [[0, 90, 0, 0, 0, 0, 0, 0]]);
  await using context = new RequestContext({ proxy: { server: `socks4://127.0.0.1:${proxy.port}` } });
  expect(await (await context.get(`http://[::1]:${port}/`)).text()).toBe('ok');
  expect(proxy.asked.map((text) => text.slice(-4))).toEqual(['::1\0']);
});

for (const bypass of ['[::1]', '::1']) {
  test(`\`bypass: '${bypass}'\` passes the proxy by`, async () => {
    const proxy = await proxyTo(1, established);
    await using context = new RequestContext({ proxy: { server: `127.0.0.1:${proxy.port}`, bypass }, timeout: 2_000 });
    await expect(context.get('http://[::1]:1/')).rejects.toThrow(/connect E\w+ ::1:1/);
    expect(proxy.asked).toEqual([]);
  });
}

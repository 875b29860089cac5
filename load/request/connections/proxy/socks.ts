/** The client's side of a SOCKS5 handshake (RFC 1928) with a user name and password where given (RFC 1929). */
import { connect, type Socket } from 'node:net';
import type { Destination, ProxyRoute } from './proxy-route.ts';

const version = 5;
const noAuthentication = 0;
const userPassword = 2;
const connectCommand = 1;
const domainName = 3;

const replies = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'Network unreachable',
  'Host unreachable',
  'Connection refused',
  'TTL expired',
  'Command not supported',
  'Address type not supported',
];

/** The name is resolved by the proxy. */
export async function openSocks(proxy: ProxyRoute, to: Destination): Promise<Socket> {
  if (proxy.url.protocol === 'socks4:') throw new Error('SOCKS4 proxies are not supported, use `socks5://`');
  const socket = connect({
    host: proxy.url.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.url.port === '' ? 1080 : Number(proxy.url.port),
    noDelay: true,
  });
  try {
    await shakeHands(socket, proxy, to);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function shakeHands(socket: Socket, proxy: ProxyRoute, to: Destination): Promise<void> {
  const { username, password } = proxy;
  const methods = username === undefined ? [noAuthentication] : [noAuthentication, userPassword];
  socket.write(Buffer.from([version, methods.length, ...methods]));
  const chosen = (await take(socket, 2))[1];
  if (chosen === userPassword && username !== undefined) {
    socket.write(Buffer.concat([Buffer.from([1]), counted(username), counted(password)]));
    if ((await take(socket, 2))[1] !== 0) throw new Error('SOCKS proxy refused the user name and password');
  } else if (chosen !== noAuthentication) {
    throw new Error('SOCKS proxy accepts none of our ways to authenticate');
  }
  const port = Buffer.alloc(2);
  port.writeUInt16BE(to.port);
  socket.write(Buffer.concat([Buffer.from([version, connectCommand, 0, domainName]), counted(to.hostname), port]));
  const head = await take(socket, 5);
  const reply = head[1] ?? 1;
  if (reply !== 0) throw new Error(`SOCKS proxy answered: ${replies[reply] ?? `code ${reply}`}`);
  await take(socket, boundAddressBytes(head) + 2 - 1);
}

/** A string as SOCKS sends it: one byte of length, then its bytes. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Length of the address the proxy connected from: IPv4, a counted name, or IPv6. */
function boundAddressBytes(head: Buffer): number {
  switch (head[3]) {
    case 1:
      return 4;
    case domainName:
      return 1 + (head[4] ?? 0);
    default:
      return 16;
  }
}

/** Reads exactly `bytes`; what comes after them stays in the socket. */
function take(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const read = (): void => {
      const chunk: unknown = socket.read(bytes);
      if (!Buffer.isBuffer(chunk)) return;
      finish();
      resolve(chunk);
    };
    const fail = (error?: Error): void => {
      finish();
      reject(error ?? new Error('SOCKS proxy closed the connection'));
    };
    const end = (): void => fail();
    const finish = (): void => {
      socket.off('readable', read).off('error', fail).off('end', end);
    };
    socket.on('readable', read).once('error', fail).once('end', end);
    read();
  });
}

/**
 * A TCP tunnel through a proxy: HTTP `CONNECT` (RFC 9110, 9.3.6) or SOCKS. As in Playwright's context
 * every request goes through the tunnel, plain HTTP too.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { authorityOf, type Destination, withoutBrackets } from './authority.ts';
import type { ProxyRoute } from './proxy-route.ts';
import { openSocks } from './socks.ts';

/** A socket whose other end is the destination. Rejects when the proxy can't be reached or says no; the signal ends it. */
export function openTunnel(proxy: ProxyRoute, to: Destination, signal: AbortSignal): Promise<Socket> {
  return (proxy.url.protocol.startsWith('socks') ? openSocks : openConnect)(proxy, to, signal);
}

function openConnect(proxy: ProxyRoute, to: Destination, signal: AbortSignal): Promise<Socket> {
  const { url } = proxy;
  const authority = authorityOf(to);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send({
      host: withoutBrackets(url.hostname),
      port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
      method: 'CONNECT',
      path: authority,
      agent: false,
      headers: { host: authority, ...authorization(proxy) },
    });
    signal.addEventListener('abort', () => request.destroy().socket?.destroy()); // by itself it leaves a tunnel open
    request.on('error', reject); // one that comes after the first is nobody's, but would end the process
    request.once('connect', (response, socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(
          new Error(`Proxy answered ${response.statusCode ?? 0} ${response.statusMessage ?? ''} to CONNECT`.trimEnd()),
        );
        return;
      }
      if (head.length > 0) socket.unshift(head);
      socket.setNoDelay(true);
      resolve(socket);
    });
    request.once('response', (response) => {
      response.destroy();
      reject(new Error(`Proxy answered ${response.statusCode ?? 0} to CONNECT`));
    });
    request.end();
  });
}

function authorization({ username, password }: ProxyRoute): Record<string, string> {
  if (username === undefined) return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

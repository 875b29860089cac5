/**
 * A TCP tunnel through a proxy: HTTP `CONNECT` (RFC 9110, 9.3.6) or SOCKS5 (RFC 1928, 1929). As in Playwright's context
 * every request goes through the tunnel, plain HTTP too.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { openSocks } from './socks.ts';

export interface ProxyRoute {
  readonly url: URL;
  readonly username: string | undefined;
  readonly password: string;
}

export interface Destination {
  readonly hostname: string;
  readonly port: number;
}

/** A socket whose other end is the destination. Rejects when the proxy can't be reached or says no. */
export function openTunnel(proxy: ProxyRoute, to: Destination): Promise<Socket> {
  return proxy.url.protocol.startsWith('socks') ? openSocks(proxy, to) : openConnect(proxy, to);
}

function openConnect(proxy: ProxyRoute, to: Destination): Promise<Socket> {
  const { url } = proxy;
  const authority = `${to.hostname}:${to.port}`;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
      method: 'CONNECT',
      path: authority,
      agent: false,
      headers: { host: authority, ...authorization(proxy) },
    });
    request.once('error', reject);
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

/** The proxy option as the route it means; a server without a scheme is an HTTP proxy. */
export function proxyRoute(proxy: { server: string; username?: string; password?: string }): ProxyRoute {
  const server = proxy.server.trim();
  const url = new URL(/^\w+:\/\//.test(server) ? server : `http://${server}`);
  return {
    url,
    username: proxy.username ?? (url.username === '' ? undefined : decodeURIComponent(url.username)),
    password: proxy.password ?? decodeURIComponent(url.password),
  };
}

/** Whether `bypass` (comma-separated hosts and domain suffixes) exempts this host. */
export function bypasses(hostname: string, bypass: string | undefined): boolean {
  if (bypass === undefined || bypass === '') return false;
  return bypass
    .split(',')
    .map((part) => part.trim())
    .some((part) => `.${hostname}`.endsWith(part.startsWith('.') ? part : `.${part}`));
}

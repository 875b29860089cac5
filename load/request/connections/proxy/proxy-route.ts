/** Which proxy a request takes. */
import { withoutBrackets } from './authority.ts';

export interface ProxyRoute {
  readonly url: URL;
  readonly username: string | undefined;
  readonly password: string;
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

/** Whether `bypass` (comma-separated hosts and domain suffixes) exempts this host; an IPv6 address may stand in brackets. */
export function bypasses(hostname: string, bypass: string | undefined): boolean {
  if (bypass === undefined || bypass === '') return false;
  const host = withoutBrackets(hostname);
  return bypass
    .split(',')
    .map((part) => withoutBrackets(part.trim()))
    .some((part) => `.${host}`.endsWith(part.startsWith('.') ? part : `.${part}`));
}

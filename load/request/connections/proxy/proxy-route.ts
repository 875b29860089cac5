/** Which proxy a request takes, and what it is asked to reach. */

export interface ProxyRoute {
  readonly url: URL;
  readonly username: string | undefined;
  readonly password: string;
}

export interface Destination {
  readonly hostname: string;
  readonly port: number;
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

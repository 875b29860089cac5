/** How one context reaches each origin: straight or by its proxy, with which certificates, trusting whom. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Lane } from './connections/lane.ts';
import type { ConnectionPool, Via } from './pool.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { Target } from './target.ts';
import { bypasses, proxyRoute } from './connections/proxy/proxy-route.ts';

type ClientCertificate = NonNullable<RequestContextOptions['clientCertificates']>[number];

export class Routes {
  readonly #pool: ConnectionPool;
  readonly #options: RequestContextOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #insecureLanes = new Map<string, Lane>();

  constructor(pool: ConnectionPool, options: RequestContextOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /**
   * `insecure`: certificates are not checked. `host`: the request's own `host` header, which over TLS is also the name
   * that the server is asked for and must have a certificate for, as with Node's agent.
   */
  lane(target: Target, insecure: boolean, host: string | undefined): Lane {
    const lanes = insecure ? this.#insecureLanes : this.#lanes;
    const key = host === undefined || !target.secure ? target.origin : `${target.origin} ${host}`;
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = this.#pool.lane(target.origin, this.#via(target, insecure, host));
      lanes.set(key, lane);
    }
    return lane;
  }

  #via(target: Target, insecure: boolean, host: string | undefined): Via {
    const { proxy, clientCertificates = [] } = this.#options;
    const used = proxy === undefined || bypasses(target.hostname, proxy.bypass) ? undefined : proxyRoute(proxy);
    const certificates = clientCertificates.filter(({ origin }) => new URL(origin).origin === target.origin);
    const servername = host?.replace(/:\d+$/, '') ?? '';
    const named = servername === '' || isIP(servername) > 0 ? {} : { servername };
    const tls = target.secure ? { ...tlsOptions(certificates, insecure), ...named } : {};
    return { tls, proxy: used, key: keyOf({ tls, proxy: used }) };
  }
}

function tlsOptions(certificates: readonly ClientCertificate[], insecure: boolean): ConnectionOptions {
  const cert: Buffer[] = [];
  const key: { pem: Buffer; passphrase?: string }[] = [];
  const pfx: { buf: Buffer; passphrase?: string }[] = [];
  for (const one of certificates) {
    const secret = one.passphrase === undefined ? {} : { passphrase: one.passphrase };
    const certBytes = one.cert ?? read(one.certPath);
    const keyBytes = one.key ?? read(one.keyPath);
    const pfxBytes = one.pfx ?? read(one.pfxPath);
    if (certBytes !== undefined) cert.push(certBytes);
    if (keyBytes !== undefined) key.push({ pem: keyBytes, ...secret });
    if (pfxBytes !== undefined) pfx.push({ buf: pfxBytes, ...secret });
  }
  return {
    ...(insecure && { rejectUnauthorized: false }),
    ...(cert.length > 0 && { cert }),
    ...(key.length > 0 && { key }),
    ...(pfx.length > 0 && { pfx }),
  };
}

function read(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readFileSync(path);
}

/** Empty for the usual way: straight, without certificates of our own. */
function keyOf({ tls, proxy }: Omit<Via, 'key'>): string {
  const way = { ...tls, ...(proxy && { proxy: [proxy.url.href, proxy.username, proxy.password] }) };
  if (Object.keys(way).length === 0) return '';
  return createHash('sha256').update(JSON.stringify(way)).digest('base64url');
}

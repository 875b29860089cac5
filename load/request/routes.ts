/** How one context reaches each origin: straight or by its proxy, with which certificates, trusting whom. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { certificatesByOrigin, type CertificatesByOrigin } from './client-certificates.ts';
import type { Connector } from './connections/connect.ts';
import type { Lane } from './connections/lane.ts';
import type { ConnectionPool, Via } from './pool.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { Target } from './target.ts';
import { withoutBrackets } from './connections/proxy/authority.ts';
import { bypasses, proxyRoute, type ProxyRoute } from './connections/proxy/proxy-route.ts';

export class Routes {
  readonly #pool: ConnectionPool;
  readonly #options: RequestContextOptions;
  readonly #certificates: CertificatesByOrigin;
  readonly #proxy: ProxyRoute | undefined;
  readonly #lanes = new Map<string, Lane>();
  readonly #insecureLanes = new Map<string, Lane>();
  readonly #connectors = new Map<string, Connector>();

  /** Throws an `OptionsError` when a certificate can't be used. */
  constructor(pool: ConnectionPool, options: RequestContextOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#certificates = certificatesByOrigin(options.clientCertificates ?? []);
    this.#proxy = options.proxy && proxyRoute(options.proxy);
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

  /** What makes sockets to the target that no pool keeps, by the same way. */
  connector(target: Target, insecure: boolean, host: string | undefined): Connector {
    const via = this.#via(target, insecure, host);
    const key = `${target.origin} ${via.key}`;
    let connector = this.#connectors.get(key);
    if (connector === undefined) this.#connectors.set(key, (connector = this.#pool.connector(target.origin, via)));
    return connector;
  }

  #via(target: Target, insecure: boolean, host: string | undefined): Via {
    const { proxy } = this.#options;
    const used = proxy === undefined || bypasses(target.hostname, proxy.bypass) ? undefined : this.#proxy;
    if (!target.secure) return { tls: {}, proxy: used, key: keyOf({ proxy: used }) };
    const certificates = this.#certificates.get(target.origin);
    const servername = withoutBrackets(host?.replace(/:\d+$/, '') ?? '');
    const named = servername === '' || isIP(servername) > 0 ? {} : { servername };
    const way = { ...(insecure && { rejectUnauthorized: false }), ...named };
    return {
      tls: { ...way, ...(certificates && { secureContext: certificates.secureContext }) },
      proxy: used,
      key: keyOf({ ...way, ...(certificates && { certificates: certificates.key }), proxy: used }),
    };
  }
}

/** Empty for the usual way: straight, without certificates of our own. */
function keyOf({ proxy, ...tls }: Readonly<Record<string, unknown>> & { proxy: ProxyRoute | undefined }): string {
  const way = { ...tls, ...(proxy && { proxy: [proxy.url.href, proxy.username, proxy.password] }) };
  if (Object.keys(way).length === 0) return '';
  return createHash('sha256').update(JSON.stringify(way)).digest('base64url');
}

/**
 * Which names this agent answers to. A page in a browser can point a name of its own at any address (DNS rebinding):
 * the browser then takes the agent for the page's own server, and only the `Host` header still tells whose name it was.
 */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { HostList, plainHost } from '../jobs/host-list.ts';

/** RFC 6761, 6.3: names below `localhost` never leave the machine either. */
const loopback = ['localhost', '*.localhost', '127.0.0.0/8', '[::1]'];
/** An agent bound to these listens on every address: none of them is a name to be asked under. */
const unspecified = new Set(['0.0.0.0', '::']);
/** Spellings remembered as good; `*.name` allows any number of them. */
const mostRemembered = 1_000;

interface Configured {
  /** Where the agent listens, and where it says that it does. */
  readonly own: readonly (string | undefined)[];
  readonly more: HostList;
}

export class OwnHosts {
  readonly #lists: readonly HostList[];
  readonly #good = new Set<string>();

  constructor({ own, more }: Configured) {
    const named = own.filter((host) => host !== undefined).filter((host) => !unspecified.has(host));
    this.#lists = [new HostList([...loopback, ...named.map((host) => (isIPv6(host) ? `[${host}]` : host))]), more];
  }

  /** Whether a request is meant for this agent: by its `Host`, once, and by its target where that names a host, too. */
  isMeant(incoming: IncomingMessage): boolean {
    const { url = '/' } = incoming;
    if (url.charCodeAt(0) !== 0x2f && url.includes('://') && !this.#isOwn(authorityOf(url), incoming)) return false;
    return hostHeaders(incoming.rawHeaders) === 1 && this.#isOwn(incoming.headers.host, incoming);
  }

  #isOwn(written: string | undefined, { socket }: IncomingMessage): boolean {
    if (written === undefined) return false;
    if (this.#good.has(written)) return true;
    const [, name = '', port = ''] = /^(\[[\da-f:.]+\]|[^:[\]@/\s]+)(?::(\d{0,5}))?$/i.exec(written) ?? [];
    const host = plainHost(name);
    if (host === '') return false;
    const own = this.#lists.some((list) => list.has(host, port)) || isAddressOf(socket.localAddress, host);
    if (own && this.#good.size < mostRemembered) this.#good.add(written);
    return own;
  }
}

/** No name at all, but the address that the connection came to: nobody can rebind that. */
function isAddressOf(localAddress: string | undefined, host: string): boolean {
  return isIP(host) !== 0 && localAddress?.replace(/^::ffff:(?=\d+\.)/, '') === host;
}

function authorityOf(target: string): string | undefined {
  return URL.canParse(target) ? new URL(target).host : undefined;
}

/** How many `Host` headers came; Node shows the first alone. */
function hostHeaders(raw: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

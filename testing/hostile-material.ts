/**
 * Runs calls with client certificates that Node refuses, in a process of its own: the test looks whether it lives. Asked
 * by `process.argv[2]`, it writes one line of JSON for each row, and `alive` at the end.
 */
import { emptyNetwork } from '../load/measure/network.ts';
import { NetworkBook } from '../load/measure/network-book.ts';
import { Addresses } from '../load/request/connections/addresses.ts';
import { ConnectGates } from '../load/request/connections/connect-gate.ts';
import { Connector } from '../load/request/connections/connect.ts';
import { proxyRoute } from '../load/request/connections/proxy/proxy-route.ts';
import { RequestContext } from '../load/request/context.ts';
import type { RequestContextOptions } from '../load/request/request-options.ts';

export interface HostileAsked {
  readonly origin: string;
  /** Empty for none. */
  readonly proxies: readonly string[];
  /** By what is wrong with them. */
  readonly certificates: Readonly<Record<string, Omit<Certificate, 'origin'>>>;
}

export interface HostileOutcome {
  readonly what: string;
  readonly via: string;
  readonly error: string;
}

type Certificate = NonNullable<RequestContextOptions['clientCertificates']>[number];

process.on('uncaughtException', (error) => tell({ what: 'uncaught', via: '', error: error.message }));
process.on('unhandledRejection', (error) => tell({ what: 'unhandled', via: '', error: String(error) }));

function tell(outcome: HostileOutcome | 'alive'): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

const { origin, proxies, certificates } = JSON.parse(process.argv[2] ?? '') as HostileAsked;

async function call(certificate: Omit<Certificate, 'origin'>, proxy: string): Promise<void> {
  await using context = new RequestContext({
    ignoreHTTPSErrors: true,
    timeout: 2_000,
    clientCertificates: [{ origin, ...certificate }],
    ...(proxy !== '' && { proxy: { server: proxy } }),
  });
  await context.get(origin);
}

/** What reaches a socket unchecked is refused by the handshake. */
async function connect(proxy: string): Promise<void> {
  const { hostname, port } = new URL(origin);
  const now = () => performance.now();
  const network = new NetworkBook(emptyNetwork(), () => false);
  const connector = new Connector({
    endpoint: {
      hostname,
      port: Number(port),
      secure: true,
      tls: { cert: 'no certificate' },
      http2: false,
      proxy: proxy === '' ? undefined : proxyRoute({ server: proxy }),
    },
    now,
    addresses: new Addresses({ now, network }),
    gates: new ConnectGates({ now }),
    network,
  });
  await new Promise<void>((resolve, reject) => {
    connector.connect((error) => (error === null ? resolve() : reject(error)));
  });
}

for (const proxy of proxies) {
  const via = proxy === '' ? 'no proxy' : new URL(proxy).protocol;
  const ways = Object.entries(certificates).map(([what, one]) => ({ what, run: () => call(one, proxy) }));
  for (const { what, run } of [...ways, { what: 'unchecked', run: () => connect(proxy) }]) {
    const error: unknown = await run().then(
      () => 'none',
      (failure: unknown) => failure,
    );
    tell({
      what,
      via,
      error: error instanceof Error ? `${error.name}: ${error.message.split('\n')[0] ?? ''}` : String(error),
    });
  }
}
await new Promise((resolve) => setTimeout(resolve, 50)); // a rejection that nobody handles is told of a little later
tell('alive');

/** A proxy that leads every name to one machine, so that a script may speak to any host over either scheme. */
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Ports {
  readonly http: number;
  readonly https: number;
}

export class AnyHost {
  readonly url: string;
  readonly #server: Server;
  readonly #tunnels: Set<Duplex>;

  private constructor(server: Server, tunnels: Set<Duplex>) {
    this.#server = server;
    this.#tunnels = tunnels;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Tunnels to port 443 end at `https`, all others at `http`. */
  static async start({ http, https }: Ports): Promise<AnyHost> {
    const tunnels = new Set<Duplex>();
    const server = createServer().on('connect', (request, client: Duplex) => {
      const port = request.url?.endsWith(':443') === true ? https : http;
      const target = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
      for (const end of [client, target]) {
        tunnels.add(end);
        end.on('error', () => undefined).on('close', () => tunnels.delete(end));
      }
      client.pipe(target).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new AnyHost(server, tunnels);
  }

  async stop(): Promise<void> {
    for (const end of this.#tunnels) end.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

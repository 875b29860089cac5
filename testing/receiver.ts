/** A server that takes what is sent to it, and answers as it is told. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listening } from './listening.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection is closed without an answer. */
  readonly dropped?: true;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

/** To be called beside the tests. The last answer is repeated. */
export function receivers(): (answers?: readonly Answer[]) => Promise<Receiver> {
  const { listen } = listening();
  return async (answers = [{}]) => {
    const received: Received[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = answers[Math.min(received.length, answers.length - 1)] ?? {};
        const { method = '', url: path = '', headers } = request;
        received.push({ method, path, headers, body: Buffer.concat(chunks) });
        if (answer.dropped) request.socket.destroy();
        else response.writeHead(answer.status ?? 200, { ...answer.headers }).end(answer.body ?? '');
      });
    });
    return { url: `http://127.0.0.1:${await listen(server)}`, received };
  };
}

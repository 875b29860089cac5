/** An agent of the tests' own on a real port of loopback, in this process. */
import { connect, type Socket } from 'node:net';
import { listen } from '../listen.ts';
import { startTestAgent, type TestAgent } from './agent.ts';

export interface ListeningAgent extends TestAgent {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

export async function startListeningAgent(settings: Record<string, string> = {}): Promise<ListeningAgent> {
  const agent = await startTestAgent(settings);
  const { port, drain } = await listen(agent.app.fetch, { host: '127.0.0.1', port: 0 });
  const stop = async () => {
    await drain(100);
    await agent.stop();
  };
  return { ...agent, port, url: `http://127.0.0.1:${port}`, stop };
}

/** Says these lines as they are, and resolves to the status of the answer. */
export async function sayRaw(port: number, lines: readonly string[]): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(await firstWords(socket)) ?? [];
    return Number(status);
  } finally {
    socket.destroy();
  }
}

function firstWords(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}

/**
 * Where shards that share no folder wait for each other: each asks once, and all are answered in the same moment, so that
 * they start as close together as the network lets them. It knows no clock of theirs and keeps nothing but who waits.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plainLine } from '../../measure/plain-line.ts';
import { type Coming, comingOf, lineEveryMs, type MeetingLine, meetPath } from './meeting-message.ts';
import { twinWords } from './party.ts';

export interface MeetingServerOptions {
  /** How many shards there are; others are refused. */
  readonly shards: number;
  /** The only run that may meet here; without it any may, each by itself. */
  readonly runId?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** By default every address of the machine: the shards are on others. */
  readonly host?: string;
  /** Told what happens, a line each. */
  readonly onLine?: (line: string) => void;
}

/** Most bytes of a request, and most meetings at a time: a stranger fills no memory. */
const most = { bytes: 8_192, meetings: 1_000 };

interface Meeting {
  readonly what: string;
  /** Who waits, by shard. */
  readonly waiting: Map<number, { readonly nonce: string; readonly response: ServerResponse }>;
  readonly lost: Set<number>;
  /** Who was told to start: an answer that was lost on its way is given again. */
  readonly started: Set<string>;
}

export class MeetingServer {
  readonly #server: Server;
  readonly #options: MeetingServerOptions;
  readonly #meetings = new Map<string, Meeting>();
  readonly #over = new Map<number, string>();
  readonly #pulse: NodeJS.Timeout;

  private constructor(server: Server, options: MeetingServerOptions) {
    this.#server = server;
    this.#options = options;
    server.on('request', (request, response) => void this.#answer(request, response));
    this.#pulse = setInterval(() => this.#tellAll(), lineEveryMs);
  }

  /** Rejects where the port is taken. */
  static async start(options: MeetingServerOptions): Promise<MeetingServer> {
    const server = createServer();
    await new Promise<void>((listens, fails) => {
      server.once('error', fails);
      server.listen({ port: options.port ?? 0, ...(options.host !== undefined && { host: options.host }) }, listens);
    });
    return new MeetingServer(server, options);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many shards wait at the moment. */
  get waiting(): number {
    return [...this.#meetings.values()].reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /** A shard's process has ended: whoever still waits for it need not. */
  leave(shard: number, why: string): void {
    this.#over.set(shard, why);
    for (const meeting of this.#meetings.values()) this.#callOff(meeting);
  }

  async close(): Promise<void> {
    clearInterval(this.#pulse);
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined); // whoever asked is gone: `close` says so
    const coming = request.method === 'POST' && request.url === meetPath ? comingOf(await bodyOf(request)) : undefined;
    const problem = coming === undefined ? `only shards meet here, by POST ${meetPath}` : this.#problem(coming);
    if (coming === undefined || problem !== undefined) {
      response.writeHead(coming === undefined ? 400 : 409, { 'content-type': 'text/plain' }).end(problem);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    this.#receive(coming, response);
  }

  #problem(coming: Coming): string | undefined {
    const { runId, shard, of, key, nonce } = coming;
    const { shards, runId: own } = this.#options;
    const present = this.#meetings.get(key)?.waiting.get(shard);
    if (present !== undefined && present.nonce !== nonce) return twinWords(coming);
    if (own !== undefined && runId !== own)
      return `this is the meeting of run \`${own}\`, and shard ${shard} is of run \`${runId}\` (\`LOAD_RUN_ID\`)`;
    if (of !== shards) return `this is the meeting of ${shards} shards, and shard ${shard} is one of ${of}`;
    if (this.#meetings.has(key) || this.#meetings.size < most.meetings) return undefined;
    return `${most.meetings} meetings at a time are enough`;
  }

  #receive({ key, shard, nonce, what }: Coming, response: ServerResponse): void {
    const meeting: Meeting = this.#meetings.get(key) ?? {
      what,
      waiting: new Map(),
      lost: new Set(),
      started: new Set(),
    };
    this.#meetings.set(key, meeting);
    if (meeting.started.has(nonce)) {
      say(response, { kind: 'start' });
      return;
    }
    if (meeting.waiting.size === 0) meeting.started.clear(); // the same load again, by a later run of the same name
    meeting.waiting.get(shard)?.response.destroy();
    meeting.waiting.set(shard, { nonce, response });
    meeting.lost.delete(shard);
    response.on('close', () => this.#part(key, shard, nonce));
    const { shards } = this.#options;
    this.#log(`shard ${shard} waits for ${what} (${meeting.waiting.size} of ${shards})`);
    if (meeting.waiting.size === shards) this.#start(meeting);
    else this.#callOff(meeting);
    this.#tellAll();
  }

  /** All at once: nothing is awaited between the first and the last. */
  #start(meeting: Meeting): void {
    const all = [...meeting.waiting.values()];
    meeting.waiting.clear();
    for (const { nonce, response } of all) {
      meeting.started.add(nonce);
      say(response, { kind: 'start' });
    }
    this.#log(`all are there: ${meeting.what} starts`);
  }

  #callOff(meeting: Meeting): void {
    const gone = [...this.#over].filter(([shard]) => !meeting.waiting.has(shard));
    if (gone.length === 0) return;
    const why = gone.map(([shard, reason]) => `shard ${shard} ${reason}`).join('; ');
    for (const { response } of meeting.waiting.values()) say(response, { kind: 'off', why });
    meeting.waiting.clear();
  }

  #part(key: string, shard: number, nonce: string): void {
    const meeting = this.#meetings.get(key);
    if (meeting?.waiting.get(shard)?.nonce !== nonce) return;
    meeting.waiting.delete(shard);
    meeting.lost.add(shard);
    this.#log(`shard ${shard} waits no longer for ${meeting.what}`);
  }

  #tellAll(): void {
    for (const { waiting, lost } of this.#meetings.values()) {
      const here = [...waiting.keys()].toSorted((a, b) => a - b);
      const line: MeetingLine = { kind: 'waiting', of: this.#options.shards, here, lost: [...lost].toSorted() };
      for (const { response } of waiting.values()) response.write(`${JSON.stringify(line)}\n`);
    }
  }

  #log(line: string): void {
    this.#options.onLine?.(plainLine(line));
  }
}

function say(response: ServerResponse, line: MeetingLine): void {
  response.end(`${JSON.stringify(line)}\n`);
}

/** Empty where it is too long or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most.bytes) return '';
      chunks.push(chunk);
    }
  } catch {
    return '';
  }
  return Buffer.concat(chunks).toString();
}

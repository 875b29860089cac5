/** One POST of JSON to a service that the operator named: no redirect is followed, and a long answer is not read. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Call {
  readonly url: URL;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

interface CallAnswer {
  readonly status: number;
  /** Absent when the answer was no JSON, or too long to be read. */
  readonly body?: unknown;
}

const largestAnswerBytes = 64 * 1024;

/** Rejects only when there was no answer; any status is an answer. */
export async function callJson({ url, body, headers, signal }: Call): Promise<CallAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await new Promise<IncomingMessage | undefined>((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    request(
      url,
      {
        method: 'POST',
        agent: false,
        signal,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
      },
      resolve,
    )
      // 101 ends the exchange without an answer and without an error, and no signal would end it any more.
      .on('upgrade', (_, socket) => resolve(void socket.destroy()))
      .on('error', reject)
      .end(text);
  });
  if (response === undefined) return { status: 101 };
  const status = response.statusCode ?? 0;
  const answer = await readJson(response);
  return answer === undefined ? { status } : { status, body: answer };
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > largestAnswerBytes) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined; // cut off or no JSON: the status has said what counts
  } finally {
    response.destroy();
  }
}

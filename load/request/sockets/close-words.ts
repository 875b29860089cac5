/** How a WebSocket ended, in words, and which code stands for what `ws` found wrong with what the server sent. */
import { plainLine } from '../../measure/plain-line.ts';
import { codeOf } from '../failure.ts';
import type { SocketEnd } from './load-socket.ts';

/** Of RFC 6455, 7.4.1. */
const meanings: Readonly<Record<number, string>> = {
  1000: 'normal',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1007: 'invalid data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension missing',
  1011: 'internal error',
  1012: 'restarting',
  1013: 'try again later',
  1014: 'bad gateway',
};

/** A reason is the server's own text, so that nothing of it but text goes on. */
export function closeWords({ code, reason }: SocketEnd): string {
  if (code === 1006) return 'the WebSocket was lost: its connection ended without a close';
  if (code === 1005) return 'the server closed the WebSocket without a code';
  const meaning = meanings[code];
  const named = meaning === undefined ? String(code) : `${code} (${meaning})`;
  return `the server closed the WebSocket with ${named}${reason === '' ? '' : `: "${plainLine(reason)}"`}`;
}

/** The code with which we close when the server has sent what it must not (RFC 6455, 7.4.1). */
export function codeOfViolation(error: Error): number | undefined {
  const code = codeOf(error);
  if (code === undefined || !code.startsWith('WS_ERR_')) return undefined;
  if (code === 'WS_ERR_INVALID_UTF8') return 1007;
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 1009 : 1002;
}

/** Against the rules of no protocol, but of ours: its pongs would fill the memory. */
export const pingFlood = { code: 1008, words: 'the server sent more pings than could be answered' } as const;

export function violationWords(error: Error): string {
  return `the server sent what a WebSocket does not take: ${error.message}`;
}

/** Looks at what is given to a socket, all of it at once and before anything is sent. */
import { tagsProblem } from '../../measure/tags.ts';
import { longestTimerMs, show } from '../../measure/units.ts';
import { refuseNoOptions, unknownOptions } from '../../options-error.ts';
import { headerEntries } from '../header-entries.ts';
import type { ConnectOptions, NextOptions, RoundTripOptions } from './load-socket.ts';

type Known<Options> = Readonly<Record<keyof Options & string, true>>;

const ofConnect: Known<ConnectOptions> = {
  protocols: true,
  headers: true,
  name: true,
  tags: true,
  timeout: true,
  closeCodes: true,
  maxMessageBytes: true,
  maxQueued: true,
  perMessageDeflate: true,
};
const ofRoundTrip: Known<RoundTripOptions> = { matches: true, name: true, timeout: true };
const ofNext: Known<NextOptions> = { timeout: true };

/** A token (RFC 9110, 5.6.2). */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Largest message that can be asked for: what a `Buffer` and a text of it hold for certain. */
const mostMessageBytes = 2 ** 29;
const mostQueued = 1_000_000;

/** What the handshake itself is made of (RFC 6455, 4.1). */
const ownHeader = /^(?:connection|upgrade|sec-websocket-.*)$/i;

export function connectProblems(url: unknown, options: ConnectOptions): string[] {
  refuseNoOptions('connect', options);
  const { name, tags, timeout, maxMessageBytes, maxQueued, perMessageDeflate } = options;
  const tagged = tagsProblem(tags);
  return [
    ...urlProblems(url),
    ...unknownOptions('connect', options, ofConnect),
    ...protocolProblems(options.protocols),
    ...headerProblems(options.headers),
    ...nameProblems(name),
    ...(tagged === undefined ? [] : [tagged]),
    ...timeoutProblems(timeout),
    ...codeProblems(options.closeCodes),
    ...wholeProblems('maxMessageBytes', maxMessageBytes, mostMessageBytes),
    ...wholeProblems('maxQueued', maxQueued, mostQueued),
    ...(perMessageDeflate === undefined || typeof perMessageDeflate === 'boolean'
      ? []
      : [`\`perMessageDeflate\` must be \`true\` or \`false\`, got ${show(perMessageDeflate)}`]),
  ];
}

function urlProblems(url: unknown): string[] {
  if (typeof url !== 'string') return [`\`connect\` takes a URL first, as in \`connect('/ws')\`, got ${show(url)}`];
  const [, scheme] = /^\s*([a-z][a-z\d+.-]*):/i.exec(url) ?? [];
  if (scheme === undefined || /^(?:ws|http)s?$/i.test(scheme)) return [];
  return [`\`connect\` takes a URL that begins with \`ws:\`, \`wss:\`, \`http:\` or \`https:\`, got \`${scheme}:\``];
}

export function roundTripProblems(data: unknown, options: RoundTripOptions): string[] {
  refuseNoOptions('roundTrip', options);
  return [
    ...dataProblems('roundTrip', data),
    ...unknownOptions('roundTrip', options, ofRoundTrip),
    ...matcherProblems('roundTrip', options.matches),
    ...nameProblems(options.name),
    ...timeoutProblems(options.timeout),
  ];
}

export function nextProblems(matches: unknown, options: NextOptions): string[] {
  refuseNoOptions('next', options);
  return [
    ...(matches === undefined ? [] : matcherProblems('next', matches)),
    ...unknownOptions('next', options, ofNext),
    ...timeoutProblems(options.timeout),
  ];
}

export function dataProblems(call: 'send' | 'roundTrip', data: unknown): string[] {
  if (typeof data === 'string' || data instanceof Uint8Array) return [];
  const remedy = typeof data === 'object' && data !== null ? ': an object is sent as `JSON.stringify(…)`' : '';
  return [`\`${call}\` takes a text or bytes, got ${data === null ? 'null' : typeof data}${remedy}`];
}

export function closeProblems(code: unknown, reason: unknown): string[] {
  const isMine = code === 1000 || (Number.isInteger(code) && Number(code) >= 3000 && Number(code) <= 4999);
  const bytes = typeof reason === 'string' ? Buffer.byteLength(reason) : 0;
  return [
    ...(isMine ? [] : [`a code to close with is 1000, or 3000 to 4999 (RFC 6455, 7.4.2), got ${show(code)}`]),
    ...(typeof reason === 'string' ? [] : [`a reason to close with is a text, got ${show(reason)}`]),
    ...(bytes > 123 ? [`a reason to close with holds 123 bytes at most (RFC 6455, 5.5), got ${bytes}`] : []),
  ];
}

function protocolProblems(protocols: unknown): string[] {
  if (protocols === undefined) return [];
  const list: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocols];
  const bad = list.filter((one) => typeof one !== 'string' || !token.test(one));
  return [
    ...bad.map((one) => `\`protocols\` must be words such as \`mqtt\`, got ${show(one)}`),
    ...(new Set(list).size === list.length ? [] : ['`protocols` names one of them twice']),
  ];
}

function headerProblems(headers: unknown): string[] {
  try {
    const names = headerEntries(headers, 'headers').map(([name]) => name);
    return names
      .filter((name) => ownHeader.test(name))
      .map((name) => `the header \`${name}\` is the handshake's own${hint(name)}`);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function hint(name: string): string {
  return /protocol/i.test(name) ? ': see `protocols`' : '';
}

function nameProblems(name: unknown): string[] {
  if (name === undefined || (typeof name === 'string' && name.trim() !== '')) return [];
  return [`\`name\` must be a text, got ${show(name)}`];
}

function timeoutProblems(timeout: unknown): string[] {
  if (timeout === undefined || (typeof timeout === 'number' && timeout > 0 && timeout <= longestTimerMs)) return [];
  return [`\`timeout\` must be a number of milliseconds above 0, got ${show(timeout)}`];
}

function codeProblems(codes: unknown): string[] {
  if (codes === undefined) return [];
  if (!Array.isArray(codes)) return [`\`closeCodes\` must be a list such as \`[1000, 1001]\`, got ${show(codes)}`];
  return codes
    .filter((code) => !Number.isInteger(code) || Number(code) < 1000 || Number(code) > 4999)
    .map((code) => `\`closeCodes\` must hold whole numbers from 1000 to 4999, got ${show(code)}`);
}

function wholeProblems(name: string, value: unknown, most: number): string[] {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most)) return [];
  return [`\`${name}\` must be a whole number from 1 to ${most}, got ${show(value)}`];
}

function matcherProblems(call: 'roundTrip' | 'next', matches: unknown): string[] {
  if (typeof matches === 'function') return [];
  return [
    `\`matches\` of \`${call}\` must be a function such as \`(message) => message.data === 'pong'\`, got ${show(matches)}`,
  ];
}

/** Single requests to look into: the slowest few, and the first of each kind of failure. */
import { traceWords } from '../../../load/measure/trace-context.ts';
import type { RunView } from '../run-view.ts';
import { formatSecond } from '../charts/chart-option.ts';
import { element, given } from './element.ts';
import { ms } from './figures.ts';

type ShownExemplar = RunView['exemplars'][number];

export function exemplarList(exemplars: readonly ShownExemplar[]): HTMLElement | undefined {
  if (exemplars.length === 0) return undefined;
  return element('div', { class: 'exemplars' }, ...exemplars.map(exemplarEntry));
}

function exemplarEntry(exemplar: ShownExemplar, at: number): HTMLElement {
  const entry = element(
    'details',
    { 'data-part': `request-${at + 1}` },
    element(
      'summary',
      {},
      element(
        'span',
        { class: exemplar.why === 'failed' ? 'why bad' : 'why' },
        exemplar.why === 'slow' ? 'slow' : given(exemplar.kind ?? 'failed'),
      ),
      element('span', { class: 'number' }, ms(exemplar.serviceMs)),
      element(
        'span',
        { class: 'name' },
        given('measured' in exemplar ? exemplar.measured : `${exemplar.method} ${exemplar.url}`),
      ),
      element('span', { class: 'number' }, `at ${formatSecond(Math.round(exemplar.atMs / 100) / 10)}`),
    ),
  );
  entry.addEventListener('toggle', () => entry.append(exemplarBody(exemplar)), { once: true });
  return entry;
}

/** Of a measured call nothing is known but that it took its time. */
function exemplarBody(exemplar: ShownExemplar): HTMLElement {
  const message = exemplar.message !== undefined && element('p', { class: 'bad' }, given(exemplar.message));
  if ('measured' in exemplar) return element('div', { class: 'request' }, message, element('p', {}, 'measured call'));
  const phases = Object.entries(exemplar.phases).map(([name, value]) => `${name} ${ms(value)}`);
  return element(
    'div',
    { class: 'request' },
    message,
    element(
      'p',
      {},
      [exemplar.status === undefined ? 'no response' : `status ${exemplar.status}`, ...phases].join(' · '),
    ),
    exemplar.stream !== undefined && element('p', { class: 'stream' }, given(exemplar.stream)),
    traceLine(exemplar),
    part('Request', exemplar.requestHeaders, exemplar.requestBody),
    part('Response', exemplar.responseHeaders, exemplar.responseBody),
  );
}

/** When it was sent, which trace it is in, and where to look further. */
function traceLine(exemplar: Exclude<ShownExemplar, { readonly measured: string }>): HTMLElement | false {
  const { startedAt, trace, invalidTraceparent, links } = exemplar;
  const parts: (HTMLElement | string)[] = [
    ...(startedAt === undefined ? [] : [given(`sent ${startedAt}`)]),
    ...(trace === undefined ? [] : [away(traceWords(trace), links?.trace)]),
    ...(invalidTraceparent === undefined ? [] : [given(`\`traceparent\` is none: ${invalidTraceparent}`)]),
    ...(links?.logs === undefined ? [] : [away('logs', links.logs)]),
  ];
  if (parts.length === 0) return false;
  return element('p', { class: 'trace' }, ...parts.flatMap((each, at) => (at === 0 ? [each] : [' · ', each])));
}

/** A link that tells the other side nothing of this page; without an address the words alone. */
function away(words: string, href: string | undefined): HTMLElement {
  if (href === undefined) return given(words);
  return element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, given(words));
}

function part(title: string, headers: Readonly<Record<string, string>>, body: string | undefined): HTMLElement {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const text = [...lines, ...(body === undefined ? [] : ['', body])].join('\n');
  return element(
    'section',
    {},
    element('h4', {}, title),
    element('pre', { tabindex: 0, dir: 'auto' }, text === '' ? 'nothing was kept' : text),
  );
}

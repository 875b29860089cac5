/**
 * Links from a request to its trace and to the logs of its time: out of the load's templates, when a report is made. They
 * are text until then, as Jaeger, Tempo, Grafana and Loki have no address in common.
 */
import type { Exemplar } from './exemplar.ts';
import type { RunData } from './run-data.ts';
import type { TraceContext } from './trace-context.ts';
import { webAddress } from './web-address.ts';

/** What a template may hold, each in braces. `time` is ISO 8601 in UTC; `fromMs` and `toMs` are milliseconds since 1970. */
export const linkPlaceholders = ['traceId', 'spanId', 'time', 'fromMs', 'toMs'] as const;

/** `fromMs` is so long before a request, and `toMs` so long after it: clocks differ, and logs come late. */
export const linkMarginMs = 60_000;

/** A word in braces; other braces, as those of JSON in an address of Grafana's, are none. */
const placeholder = /\{([A-Za-z]\w*)\}/g;

/** The names of what a template holds. */
export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

/** Where to look further; each is absent where there is nothing to be found, or no template. */
export interface ExemplarLinks {
  readonly trace?: string;
  readonly logs?: string;
}

type Templates = Pick<RunData['plan'], 'traceUrl' | 'logsUrl'>;

/** To its trace where that was sampled, and to the logs where the template asks for nothing that the request has not. */
export function linksOf(exemplar: Exemplar, { traceUrl, logsUrl }: Templates): ExemplarLinks {
  if ('measured' in exemplar) return {};
  const values = valuesOf(exemplar);
  const trace = exemplar.trace?.sampled === true ? filled(traceUrl, values) : undefined;
  const logs = filled(logsUrl, values);
  return { ...(trace !== undefined && { trace }), ...(logs !== undefined && { logs }) };
}

type Values = Partial<Record<string, string>>;

function valuesOf({ trace, startedAt, serviceMs }: Exclude<Exemplar, { readonly measured: string }>): Values {
  const startedAtMs = Date.parse(startedAt ?? '');
  return {
    ...(trace !== undefined && { traceId: trace.traceId, spanId: trace.spanId }),
    ...(Number.isFinite(startedAtMs) && {
      time: new Date(startedAtMs).toISOString(),
      fromMs: String(Math.floor(startedAtMs - linkMarginMs)),
      toMs: String(Math.ceil(startedAtMs + serviceMs + linkMarginMs)),
    }),
  };
}

function filled(template: string | undefined, values: Values): string | undefined {
  if (template === undefined || placeholdersIn(template).some((name) => !Object.hasOwn(values, name))) return undefined;
  return webAddress(template.replaceAll(placeholder, (_, name: string) => encodeURIComponent(values[name] ?? '')));
}

/** A request that was kept, and where it leads. */
export interface TracedRequest {
  readonly why: Exemplar['why'];
  readonly endpoint: string;
  readonly serviceMs: number;
  readonly startedAt?: string;
  readonly trace?: TraceContext;
  readonly links: ExemplarLinks;
}

/** Requests that text has room for; the page has all. */
const mostTraced = 5;

/** The slowest first, then those that failed: as many as text has room for, of a run whose requests have traces or links. */
export function tracedRequests({ exemplars, plan }: Pick<RunData, 'exemplars' | 'plan'>): TracedRequest[] {
  const all = exemplars.list().flatMap((exemplar): TracedRequest[] => {
    if ('measured' in exemplar) return [];
    const { why, endpoint, serviceMs, startedAt, trace } = exemplar;
    const links = linksOf(exemplar, plan);
    if (trace === undefined && Object.keys(links).length === 0) return [];
    return [
      { why, endpoint, serviceMs, links, ...(startedAt !== undefined && { startedAt }), ...(trace && { trace }) },
    ];
  });
  const of = (why: Exemplar['why']) => all.filter((each) => each.why === why).slice(0, mostTraced);
  return [...of('slow'), ...of('failed')];
}

/** What is wrong with the options about traces, before anything is sent. */
import { linkPlaceholders, placeholdersIn } from '../measure/trace-links.ts';
import { shareOf, show } from '../measure/units.ts';
import type { LoadOptions } from './load-options.ts';

type TraceOptions = { readonly [Option in 'traceparent' | 'traceUrl' | 'logsUrl']?: unknown };

export function traceProblems({ traceparent, traceUrl, logsUrl }: TraceOptions): string[] {
  return [
    ...(traceparent === undefined || sampledShareOf(traceparent) !== undefined
      ? []
      : [`\`traceparent\` must be the share of requests that are sampled, such as '10%', got ${show(traceparent)}`]),
    ...templateProblems('traceUrl', traceUrl),
    ...(typeof traceUrl === 'string' && !placeholdersIn(traceUrl).includes('traceId')
      ? ['`traceUrl` must hold `{traceId}`: it would lead to the same place from each request']
      : []),
    ...templateProblems('logsUrl', logsUrl),
  ];
}

/** Of 1; undefined for what is no percentage up to 100. */
export function sampledShareOf(traceparent: unknown): number | undefined {
  const share = typeof traceparent === 'string' ? shareOf(traceparent) : undefined;
  return share !== undefined && share <= 1 ? share : undefined;
}

function templateProblems(option: keyof LoadOptions, template: unknown): string[] {
  if (template === undefined) return [];
  if (typeof template !== 'string' || !isWebTemplate(template))
    return [
      `\`${option}\` must be an address such as \`https://tempo.example/trace/{traceId}\`, got ${show(template)}`,
    ];
  const known: readonly string[] = linkPlaceholders;
  return [...new Set(placeholdersIn(template))]
    .filter((name) => !known.includes(name))
    .map(
      (name) => `\`{${name}}\` in \`${option}\` is unknown; known are ${known.map((each) => `{${each}}`).join(', ')}`,
    );
}

function isWebTemplate(template: string): boolean {
  const filled = template.replaceAll(/\{\w+\}/g, '0');
  return /^https?:\/\/[^/?#]/i.test(template) && URL.canParse(filled);
}

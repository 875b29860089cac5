/** Which scope a request needs, and which requests are answered whatever happens. The route table in one page. */
import type { Scope } from '../domain/api-keys.ts';
import { decisions } from '../domain/workflows/decisions.ts';

/** Probes and those who watch must hear from an agent that is in trouble. */
const vital = new Set(['/livez', '/readyz', '/metrics', '/api/v1/health', '/api/v1/health/detailed']);
/** They tell nothing, and whoever probes asks under whatever address it has. */
const probes = new Set(['/livez', '/readyz']);
/** Nothing in them that is not in the documentation. */
const open = new Set(['/livez', '/readyz', '/api/v1/health', '/openapi.json', '/docs']);
/** They compute and change nothing, although they have a body. */
const computing = new Set(['/api/v1/analyze', '/api/v1/optimize']);
const approvingVerbs = Object.values(decisions).flatMap(({ verb, scope }) => (scope === 'approve' ? [verb] : []));
/** The decisions that only some may take, through the interface and by the page's forms; any instance may have such a name, too. */
const approving = new RegExp(`/workflows/[^/]*/(?:${approvingVerbs.join('|')})$`);

export function isVital(path: string): boolean {
  return vital.has(path);
}

export function isProbe(path: string): boolean {
  return probes.has(path);
}

/** `undefined`: open to all. Whatever is not known needs the scope of its kind, so a new route is never open by oversight. */
export function scopeOf(method: string, path: string): Scope | undefined {
  if (open.has(path)) return undefined;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || computing.has(path)) return 'read';
  return approving.test(path) ? 'approve' : 'operate';
}

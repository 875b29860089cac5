/** What is wrong with the routes that a user gives to name rows. */
import { entryName } from '../measure/entry-name.ts';
import { RoutePattern } from '../measure/samples/route-pattern.ts';
import { show } from '../measure/units.ts';

const parameter = /^:[a-z_]\w*$/i;

/** A route that another one before it hides would name no row, so it is refused too. */
export function routeProblems(routes: unknown): string[] {
  if (!Array.isArray(routes) || routes.some((route) => typeof route !== 'string'))
    return [`\`routes\` must be a list of paths such as \`["/shop/:slug"]\`, got ${show(routes)}`];
  const given = routes as readonly string[];
  const wrong = given.flatMap((route) => wordsOf(route).map((words) => `\`routes\` has \`${route}\`: ${words}`));
  return wrong.length > 0 ? wrong : hidden(given.map((route) => new RoutePattern(route)));
}

function wordsOf(route: string): string[] {
  if (!route.startsWith('/')) return ['it must be a path, which begins with `/`'];
  if (/[?#]/.test(route)) return ['a row has no query, so a route has none'];
  if (entryName(`GET ${route}`) !== `GET ${route}`) return ['no row could have that name as it is'];
  return route.split('/').flatMap((segment) => {
    if (segment.startsWith(':') && !parameter.test(segment))
      return [`a parameter is a whole segment such as \`:slug\`, got \`${segment}\``];
    if (segment.includes('*') && segment !== '*') return [`\`*\` is a whole segment, got \`${segment}\``];
    return [];
  });
}

function hidden(patterns: readonly RoutePattern[]): string[] {
  return patterns.flatMap((pattern, at) => {
    const before = patterns.slice(0, at).find((earlier) => earlier.covers(pattern));
    if (before === undefined) return [];
    return [`\`routes\` has \`${pattern.route}\` behind \`${before.route}\`, which fits all that it fits`];
  });
}

/** The titles of a run or a finding. */
import { element, given } from './element.ts';

/** The file's name says little beside the titles; it stands in the line below. */
export function titleParts(title: readonly string[]): Node[] {
  const [file, ...rest] = title;
  const shown = rest.length > 0 ? rest : [file ?? 'run'];
  return shown.flatMap((part, at) =>
    at === 0 ? [given(part)] : [element('span', { class: 'apart' }, ' › '), given(part)],
  );
}

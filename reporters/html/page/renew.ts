/** New content in the place of old, while somebody reads: what is unfolded, scrolled or focused stays as it is. */
import { applyParts, openParts } from './open-parts.ts';

/** `content` does the same as what `holder` had; the window stays where it is. */
export function renew(holder: HTMLElement, ...content: readonly (HTMLElement | undefined)[]): void {
  const open = openParts(holder);
  const scrolled = [...holder.querySelectorAll('.scroll')].map(({ scrollTop, scrollLeft }) => [scrollTop, scrollLeft]);
  const focused = document.activeElement;
  const name = focused !== null && focused !== holder && holder.contains(focused) ? nameOf(focused) : undefined;
  holder.replaceChildren(...content.filter((each) => each !== undefined));
  applyParts(holder, open);
  holder.querySelectorAll('.scroll').forEach((frame, at) => {
    const [top = 0, left = 0] = scrolled[at] ?? [];
    if (top > 0) frame.scrollTop = top;
    if (left > 0) frame.scrollLeft = left;
  });
  if (name === undefined) return;
  const again = [...holder.querySelectorAll<HTMLElement>(canHaveFocus)].find((each) => nameOf(each) === name);
  again?.focus({ preventScroll: true });
}

const canHaveFocus = 'a, button, summary, [tabindex]';

/** The same for what stands in its place later. */
function nameOf(element: Element): string {
  const part = element.closest('summary')?.parentElement?.dataset['part'];
  const own = element.getAttribute('href') ?? element.getAttribute('aria-label') ?? part ?? element.textContent;
  return `${element.tagName} ${own}`;
}

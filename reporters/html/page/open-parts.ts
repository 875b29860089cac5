/**
 * Parts of the page that open and close, by the names in the address. A part is a `details` or a button that opens a
 * row, named by `data-part`; which are not as they are by themselves is read from the page, so that nothing keeps count.
 */

const byItself = new WeakMap<Element, boolean>();

/** Names of the parts that differ from how they were made: `errors` was opened, `-errors` was closed. */
export function openParts(root: Element): string[] {
  return partsOf(root).flatMap((part) => {
    const now = isOpen(part);
    if (now === (byItself.get(part) ?? now)) return [];
    return [`${now ? '' : '-'}${nameOf(part)}`];
  });
}

/** Opens and closes what the address asks for; the rest is as it was made. */
export function applyParts(root: Element, asked: readonly string[]): void {
  for (const part of partsOf(root)) {
    const own = byItself.get(part) ?? isOpen(part);
    byItself.set(part, own);
    const name = nameOf(part);
    setOpen(part, own ? !asked.includes(`-${name}`) : asked.includes(name));
  }
}

function partsOf(root: Element): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-part]')];
}

function nameOf(part: HTMLElement): string {
  return part.dataset['part'] ?? '';
}

function isOpen(part: HTMLElement): boolean {
  return part instanceof HTMLDetailsElement ? part.open : part.getAttribute('aria-expanded') === 'true';
}

function setOpen(part: HTMLElement, open: boolean): void {
  if (isOpen(part) === open) return;
  if (part instanceof HTMLDetailsElement) part.open = open;
  else part.click(); // the button makes its row when it is first asked for
}

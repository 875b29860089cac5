/** Builds elements. Text from a run goes through here as text alone: nothing on the page is parsed as markup. */

export type Child = Node | string | undefined | false;
type Attribute = string | number | boolean | undefined;

/** `true` sets an empty attribute; `false` and undefined set none. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** A name that came with the run: its direction is its own and does not turn the page around. */
export function given(text: string): HTMLElement {
  return element('bdi', {}, text);
}

/** Words that came with the run, in which no line ends between a figure and its unit. */
export function givenWords(text: string): HTMLElement {
  return given(text.replace(/(\d) (?=%|(?:ms|s|MB|GB|µs)(?![\w/]))/g, '$1\u00a0'));
}

export function button(
  label: Child,
  press: () => void,
  attributes: Readonly<Record<string, Attribute>> = {},
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', press);
  return made;
}

function setAttributes(made: Element, attributes: Readonly<Record<string, Attribute>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
}

/** An endpoint's name, which leads to all runs that called it. */
import { addressOf } from './address.ts';
import { element, given } from './element.ts';

export function endpointLink(name: string): HTMLElement {
  return element(
    'a',
    { class: 'name', href: addressOf({ kind: 'endpoint', id: name }), title: 'In every run' },
    given(name),
  );
}

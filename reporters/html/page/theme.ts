/** Light or dark: as the system says, unless the reader chose. */
import { darkPalette, lightPalette, type Palette } from '../charts/palette.ts';
import { button } from './element.ts';

type Choice = 'system' | 'light' | 'dark';

const storageKey = 'playload-theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: Choice = 'system';

export function currentPalette(): Palette {
  const printing = matchMedia('print').matches;
  return !printing && (choice === 'dark' || (choice === 'system' && systemDark.matches)) ? darkPalette : lightPalette;
}

export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

/** A button that goes through the three choices and says which one holds. */
export function themeButton(): HTMLButtonElement {
  choose(stored());
  const label = () => `Theme: ${choice}`;
  const made = button(label(), () => {
    choose(choice === 'system' ? (systemDark.matches ? 'light' : 'dark') : choice === 'dark' ? 'light' : 'dark');
    made.textContent = label();
  });
  systemDark.addEventListener('change', tell);
  matchMedia('print').addEventListener('change', tell);
  return made;
}

function choose(next: Choice): void {
  choice = next;
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // A page from a file may have no storage; the choice then holds until it is closed.
  }
  tell();
}

function stored(): Choice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // no storage, no choice made earlier
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

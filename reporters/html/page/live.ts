/** Keeps a live page up to date; a lost connection is said, and the browser takes it up again by itself for a while. */
import { eventsPath, type PageData, replacedEvent } from '../page-data.ts';
import { element } from './element.ts';
import type { Report } from './report.ts';

/** The browser comes back every two seconds; a test run that is away for so many of them has ended. */
const mostLost = 10;

export function follow(report: Report): void {
  const whenNothingIsPressed = pressing();
  const notice = element('p', { class: 'lost', role: 'status' }, '');
  document.body.append(notice);
  const events = new EventSource(`${eventsPath}${location.search}`);
  let lost = 0;
  const stop = (why: string) => {
    events.close();
    notice.textContent = why;
  };
  events.addEventListener('message', ({ data }: MessageEvent<string>) => {
    lost = 0;
    notice.textContent = '';
    const next = JSON.parse(data) as PageData;
    whenNothingIsPressed(() => report.update(next));
    if (next.kind === 'live' && next.end !== undefined)
      stop('The test run has ended, and this page follows it no longer. What it says is how the runs ended.');
  });
  events.addEventListener(replacedEvent, () => {
    stop('Too many pages follow this test run, so this one stopped. Reload it to follow again.');
  });
  events.addEventListener('error', () => {
    lost++;
    notice.textContent = 'No connection to the test run: it may have ended. The figures below are the last that came.';
    if (lost >= mostLost)
      stop(
        'The test run is gone, and did not say how it ended: it may have been killed. The figures are the last that came.',
      );
  });
}

/**
 * What it returns does the last that it was told, at once or when the reader lets go: were what is pressed exchanged
 * meanwhile, nobody would have clicked it.
 */
function pressing(): (act: () => void) => void {
  let isPressed = false;
  let due: (() => void) | undefined;
  const letGo = () => {
    isPressed = false;
    due?.();
    due = undefined;
  };
  const letGoSoon = () => setTimeout(letGo); // the click comes first
  addEventListener('pointerdown', ({ button }) => (isPressed = button === 0), true); // of another nobody may hear the end
  for (const end of ['pointerup', 'pointercancel', 'contextmenu']) addEventListener(end, letGoSoon, true);
  addEventListener('blur', letGoSoon);
  return (act) => {
    if (isPressed) due = act;
    else act();
  };
}

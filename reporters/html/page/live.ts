/** Keeps a live page up to date; a lost connection is said, and the browser takes it up again by itself. */
import { eventsPath, type PageData, replacedEvent } from '../page-data.ts';
import { element } from './element.ts';
import type { Report } from './report.ts';

export function follow(report: Report): void {
  const notice = element('p', { class: 'lost', role: 'status' }, '');
  document.body.append(notice);
  const events = new EventSource(`${eventsPath}${location.search}`);
  events.addEventListener('message', ({ data }: MessageEvent<string>) => {
    notice.textContent = '';
    report.update(JSON.parse(data) as PageData);
  });
  events.addEventListener(replacedEvent, () => {
    events.close();
    notice.textContent = 'Too many pages follow this test run, so this one stopped. Reload it to follow again.';
  });
  events.addEventListener('error', () => {
    notice.textContent = 'No connection to the test run: it may have ended. The figures below are the last that came.';
  });
}

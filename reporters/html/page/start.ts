/** Shows the data that is embedded in the document. */
import { type PageData, pageIds } from '../page-data.ts';
import { follow } from './live.ts';
import { showReport } from './report.ts';

export function start(): void {
  const root = document.getElementById(pageIds.root);
  const embedded = document.getElementById(pageIds.data)?.textContent;
  if (root === null || embedded === undefined) return;
  const data = JSON.parse(embedded) as PageData;
  const report = showReport(root, data);
  if (data.kind === 'live') follow(report);
}

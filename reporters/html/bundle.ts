/**
 * The built half of the page: script and style sheet as `npm run build:page` wrote them, ECharts inside. They are read
 * as text, so nobody who installs the package needs ECharts, and no loader spends a second on compiling it. Their
 * endings keep formatters and linters away.
 */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type { ChartData } from './chart-data/chart-data.ts';
import type { FindingColumns } from './chart-data/finding-columns.ts';
import type { SvgText } from './charts/svg-text.ts';

export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/** What the script offers where there is no document: drawing without a browser. */
export interface ServerSide {
  summarySvg(data: ChartData, text: SvgText): string;
  findingSvg(columns: FindingColumns, text: SvgText): string;
}

let bundle: PageBundle | undefined;
let serverSide: ServerSide | undefined;

export function pageBundle(): PageBundle {
  return (bundle ??= { script: built('page.script'), style: built('page.style') });
}

/** Runs the script in this process, once; 30 ms. */
export function serverSideCharts(): ServerSide {
  return (serverSide ??= new Script(`${pageBundle().script};playload`, {
    filename: 'page.script',
  }).runInThisContext() as ServerSide);
}

function built(name: string): string {
  return readFileSync(new URL(`built/${name}`, import.meta.url), 'utf8');
}

/** The earlier result that a page compares with: a `summary.json` of this version's schema or an older one. */
import { readFile } from 'node:fs/promises';
import { readableSummarySchemas, type Summary } from '../load/measure/summary.ts';

/** Rejects with what is wrong with the file. */
export async function readBaseline(path: string): Promise<Summary> {
  const summary = JSON.parse(await readFile(path, 'utf8')) as Partial<Summary> | null;
  if (!readableSummarySchemas.includes(summary?.schema ?? '') || !Array.isArray(summary?.runs)) {
    throw new Error(`it is no summary of schema \`${readableSummarySchemas.join('` or `')}\``);
  }
  return summary as Summary;
}

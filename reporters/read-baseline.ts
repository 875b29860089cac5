/** The earlier result that a page compares with: a `summary.json` of this schema. */
import { readFile } from 'node:fs/promises';
import { type Summary, summarySchema } from '../load/measure/summary.ts';

/** Rejects with what is wrong with the file. */
export async function readBaseline(path: string): Promise<Summary> {
  const summary = JSON.parse(await readFile(path, 'utf8')) as Partial<Summary> | null;
  if (summary?.schema !== summarySchema || !Array.isArray(summary.runs)) {
    throw new Error(`it is no summary of schema \`${summarySchema}\``);
  }
  return summary as Summary;
}

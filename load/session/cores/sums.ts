/** What limits of a whole run may ask of it while it goes on: all but the seconds, which would be most of what is sent. */
import { addRunData, emptyRunData, type EndpointData, type RunData } from '../../measure/run-data.ts';

export function sumsOf(data: RunData): RunData {
  const { exemplars, windows } = emptyRunData(data.plan);
  const endpoints = new Map<string, EndpointData>();
  const tags = new Map<string, EndpointData>();
  for (const [name, endpoint] of data.endpoints) endpoints.set(name, { ...endpoint, windows: new Map() });
  for (const [name, tag] of data.tags) tags.set(name, { ...tag, windows: new Map() });
  return { ...data, endpoints, tags, exemplars, windows };
}

/** All in one, and nothing of theirs changed. */
export function addedSums(data: RunData, others: readonly RunData[]): RunData {
  const all = emptyRunData(data.plan);
  for (const part of [sumsOf(data), ...others]) addRunData(all, part);
  return all;
}

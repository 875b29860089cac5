/** The instances whose history `server/seed.ts` writes, as the agent is asked about them. */
import type { Server } from '../children/child.ts';

export const seededInstance = (n: number): string => (n === 0 ? 'seeded-vllm' : `seeded-vllm-${n + 1}`);

/** Each is judged over the same hour, and its burn rates over longer windows. */
const promised = ['ttft_p95_s', 'ttft_p99_s', 'itl_p95_s', 'e2e_p99_s', 'queue_p95_s', 'error_rate'];
const slos = promised.map((metric) => ({ name: metric, metric, op: '<', target: 0.1, window_s: 3_600 }));

export const lastHourOf = (instance: string) => ({ instance_id: instance, window_s: 3_600 });
/** The body of `POST /api/v1/analyze`: all that is stored, of six promises. */
export const analysisOf = (instance: string) => ({ ...lastHourOf(instance), slos });

/** On a port where nothing listens: it is not to be scraped, only to have its history read. */
export async function register({ url }: Pick<Server, 'url'>, instance: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/instances/${instance}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      engine: 'vllm',
      metrics_url: 'http://127.0.0.1:9/metrics',
      config: { '--max-num-seqs': 256 },
    }),
  });
  if (!response.ok) throw new Error(`the agent did not take the instance: ${await response.text()}`);
}

/** Starts the live page where it is wanted, and tells workers by the environment where to post. */
import { liveUrlVariable } from '../load/measure/snapshot.ts';
import type { Summary } from '../load/measure/summary.ts';
import type { Dashboard } from './html/live/dashboard.ts';
import type { Mishaps } from './mishaps.ts';
import type { ResolvedOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

export interface LivePageParts {
  readonly dashboard: ResolvedOptions['dashboard'];
  readonly around: Pick<Surroundings, 'env' | 'write'>;
  readonly mishaps: Mishaps;
  /** What an earlier run has left, for the limits that it had. */
  readonly earlier?: Partial<Summary> | undefined;
}

export function wantsLivePage({ dashboard, around }: Pick<LivePageParts, 'dashboard' | 'around'>): boolean {
  return dashboard !== false || around.env['LOAD_DASHBOARD'] === '1';
}

/** Undefined when it could not be started, which has then been told. */
export async function openLivePage({
  dashboard,
  around,
  mishaps,
  earlier,
}: LivePageParts): Promise<Dashboard | undefined> {
  const options = typeof dashboard === 'object' ? dashboard : {};
  return mishaps.contain('the live page could not be started', async () => {
    const { startDashboard } = await import('./html/live/dashboard.ts');
    const limits = new Map(earlier?.runs?.map(({ id, thresholds }) => [id, thresholds]));
    const page = await startDashboard({ ...options, limitsOf: (id) => limits.get(id) ?? [] });
    around.env[liveUrlVariable] = page.snapshotUrl;
    around.write(`Live results at ${page.url}\n`);
    return page;
  });
}

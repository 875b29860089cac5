/** A run and a finding that have a figure for each family of the exports. */
import { addAgain, noteLookupFailure, peerOf } from '../load/measure/network.ts';
import type { FindingSummary } from '../load/measure/summary.ts';
import type { ReportedRun } from '../reporters/reported-run.ts';
import { sampleReport, sampleRun } from './page-run.ts';
import { withExtras } from './sample-extras.ts';
import { sampleFindingSummary } from './sample-finding.ts';

export interface Everything {
  readonly runs: readonly ReportedRun[];
  readonly findings: readonly FindingSummary[];
  /** When the run ended, seconds of Unix time. */
  readonly endSec: number;
}

/** A run of 30 s that began so long ago. */
export function everything({ agoMs }: { readonly agoMs: number }): Everything {
  const data = sampleRun({ seconds: 30, perSecond: 40 });
  const [segment] = data.segments;
  const startedAtEpochMs = Date.now() - agoMs;
  if (segment !== undefined)
    data.segments[0] = {
      ...segment,
      startedAtEpochMs,
      target: { origins: ['http://api.test'], ownServer: false },
    };
  withExtras(data);
  for (const row of data.endpoints.values()) data.tags.set('tenant=a', row);
  addAgain(data.network, { staleConnections: 2, waits: 3, waitedMs: 3_000 });
  noteLookupFailure(data.network, { name: 'api.test', sample: 'getaddrinfo EAI_AGAIN api.test', count: 4 });
  Object.assign(peerOf(data.network, 'api.test:80', '10.0.0.1'), { connections: 5, requests: 60, failedConnects: 1 });
  data.users.setUp.begun = 12;
  data.users.setUp.ms.recordMs(30);
  data.resources.push({
    name: 'database',
    pid: 5,
    cores: 2,
    samples: [{ atMs: 1_000, rssMb: 20, cpuPercent: 5, handles: 12, phase: 'load' }],
  });
  const run = sampleReport(data);
  const slos = [{ name: 'quick', good: 1_100, of: 1_200, share: 11 / 12, perSec: 36 }];
  return {
    runs: [{ ...run, summary: { ...run.summary, slos } }],
    findings: [sampleFindingSummary({ figures: { sustained: 198, p95Ms: 87 } })],
    endSec: (startedAtEpochMs + (segment?.durationMs ?? 0)) / 1_000,
  };
}

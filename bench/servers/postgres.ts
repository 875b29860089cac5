/** A PostgreSQL for as long as it is measured: that of the agent's own tests, beside server and generator on either core. */
import { startTestPostgres } from '../../server/testing/postgres.ts';

type Postgres = { readonly kind: 'started'; readonly url: string; readonly stop: () => Promise<void> };

/** Where none can be started, why. */
export async function startPostgres(): Promise<Postgres | { readonly kind: 'none'; readonly reason: string }> {
  try {
    const { url, stop } = await startTestPostgres();
    return { kind: 'started', url, stop };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'none', reason: `no PostgreSQL could be started: ${reason}` };
  }
}

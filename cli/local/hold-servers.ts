/** The last global setup of the servers' part: tells `playload local` what the servers have said of themselves, and waits to be let go. */

export interface ServersUp {
  readonly kind: 'up';
  /** With what `webServer` and global setup have added for the tests. */
  readonly env: NodeJS.ProcessEnv;
}

export default async function holdServers(): Promise<void> {
  if (!process.connected) return; // whoever asked for them was killed meanwhile
  const letGo = new Promise<void>((resolve) => process.once('disconnect', resolve));
  const up: ServersUp = { kind: 'up', env: process.env };
  process.send?.(up);
  await letGo;
}

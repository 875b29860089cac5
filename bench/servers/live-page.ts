/** The live page by itself, so that its process does nothing else. Writes its addresses into the file that it is given. */
import { writeFileSync } from 'node:fs';
import { startDashboard } from '../../reporters/html/live/dashboard.ts';

const [, , file = ''] = process.argv;
const { url, snapshotUrl } = await startDashboard();
writeFileSync(file, JSON.stringify({ url, snapshotUrl }));
process.on('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 60_000);
process.stdout.write(`ready pid=${process.pid} port=${new URL(url).port}\n`);

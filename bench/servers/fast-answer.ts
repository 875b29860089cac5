/** What the fast servers answer, whatever they speak, and who they say they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../children/programs.ts';

/** 74 bytes. */
export const smallBody = '{"status":"healthy","service":"fast","uptime_s":86400,"version":"1.0.0"}  ';

/** Signed by itself: a generator has to be told to take it. */
export function testCertificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const read = (name: string) => readFileSync(join(rootFolder, 'testing/certificates', name));
  return { key: read('server.key'), cert: read('server.crt') };
}

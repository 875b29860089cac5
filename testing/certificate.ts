/** Keys and certificates of `certificates/`, as bytes. */
import { readFileSync } from 'node:fs';

export function certificate(name: string): Buffer {
  return readFileSync(new URL(`certificates/${name}`, import.meta.url));
}

/** Of `localhost`, signed by itself: who calls has to be told to take it. */
export function serverKeys(): { readonly key: Buffer; readonly cert: Buffer } {
  return { key: certificate('server.key'), cert: certificate('server.crt') };
}

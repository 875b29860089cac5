/**
 * What tells whether segments are parts of one load: the server they were aimed at, and a hash of all that the load was
 * asked to do.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { TestInfo } from '@playwright/test';
import type { Recorder } from '../measure/recorder.ts';
import type { SegmentTarget } from '../measure/run-data.ts';
import type { Profile } from '../profile/profile.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';

const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.*\.localhost)$/;

/** Of the origins that were called, or else that `baseURL` names; undefined where neither is known. */
export function targetOf(
  { origins: called, versions }: Pick<Recorder, 'origins' | 'versions'>,
  baseURL: string | undefined,
  config: TestInfo['config'],
): SegmentTarget | undefined {
  const base = baseURL !== undefined && URL.canParse(baseURL) ? [new URL(baseURL).origin] : [];
  const origins = called.length > 0 ? called : base;
  if (origins.length === 0) return undefined;
  const known = { origins, ...(versions !== undefined && { versions }) };
  if (!origins.some((origin) => loopback.test(new URL(origin).hostname))) return { ...known, ownServer: false };
  return { ...known, ownServer: startsServers(config), machine: hashOf(machineIdentity()) };
}

/** Playwright keeps several servers to itself, behind a symbol; where that is gone, only a single one is known. */
function startsServers(config: TestInfo['config']): boolean {
  if (config.webServer !== null) return true;
  const hidden = config as unknown as Record<symbol, { readonly webServers?: unknown } | undefined>;
  return Object.getOwnPropertySymbols(config).some((key) => {
    const servers = hidden[key]?.webServers;
    return Array.isArray(servers) && servers.length > 0;
  });
}

/** Two processes with the same words share a loopback: the same boot, and the same network namespace. */
function machineIdentity(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${readlinkSync('/proc/self/ns/net')}`;
  } catch {
    return hostname(); // no Linux: its name must do
  }
}

/** Of the profile, every option and the text of the spec file; line ends differ between checkouts and do not count. */
export function planHashOf(profile: Profile, options: ResolvedOptions, specFile: string): string {
  const spec = readFileSync(specFile, 'utf8').replaceAll('\r\n', '\n');
  const plan = JSON.stringify([profile.describe(), profile.parts, options], (_, value: unknown) =>
    typeof value === 'function' ? value.toString() : value,
  );
  return hashOf(`${plan}\n${spec}`);
}

/** Short, and the same for the same text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

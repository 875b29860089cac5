/** The servers that a run called, and what their answers call their version. */
import { entry, type RunData } from './run-data.ts';

/** A server that was called. */
export interface TargetSummary {
  /** `https://api.example.com`. */
  readonly origin: string;
  /** What its answers call their version, or their server. */
  readonly version?: string;
}

/** Of all segments; where their answers name several versions, all of them. */
export function targetsOf({ segments }: Pick<RunData, 'segments'>): { readonly targets?: readonly TargetSummary[] } {
  const versions = new Map<string, Set<string>>();
  for (const { target } of segments)
    for (const origin of target?.origins ?? []) {
      const told = entry(versions, origin, () => new Set());
      const version = target?.versions?.[origin];
      if (version !== undefined) told.add(version);
    }
  if (versions.size === 0) return {};
  return {
    targets: [...versions].map(([origin, told]) => ({
      origin,
      ...(told.size > 0 && { version: [...told].sort().join(', ') }),
    })),
  };
}

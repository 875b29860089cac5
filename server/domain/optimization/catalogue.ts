/** The flags of each engine that the plan reads or sets. */
import type { Engine } from '../engines/engine.ts';
import type { Flag } from './flag.ts';
import { flagName } from './flags.ts';
import { sglangFlags } from './sglang-flags.ts';
import { tgiFlags } from './tgi-flags.ts';
import { vllmFlags } from './vllm-flags.ts';

/** By engine; tests hold the documents to it. @internal */
export const catalogue: Readonly<Record<Engine, readonly Flag[]>> = {
  vllm: vllmFlags,
  sglang: sglangFlags,
  tgi: tgiFlags,
};

const byName = {
  vllm: spelled(vllmFlags),
  sglang: spelled(sglangFlags),
  tgi: spelled(tgiFlags),
} as const satisfies Record<Engine, unknown>;

function spelled(flags: readonly Flag[]): ReadonlyMap<string, Flag> {
  return new Map(
    flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])].map((name) => [flagName(name), flag] as const)),
  );
}

/** By its name or another spelling of it, with dashes; undefined for a flag that the plan has nothing to do with. */
export function findFlag(engine: Engine, name: string): Flag | undefined {
  return byName[engine].get(name);
}

/** Every engine's definition by its name. */
import type { Engine, EngineDefinition } from './engine.ts';
import { sglang } from './sglang.ts';
import { tgi } from './tgi.ts';
import { vllm } from './vllm.ts';

export const definitions: Readonly<Record<Engine, EngineDefinition>> = { vllm, sglang, tgi };

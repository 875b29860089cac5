/**
 * Where results come from, as a resource of OpenTelemetry: commit and branch (`vcs.*`) and what of a CI system ran
 * them (`cicd.*`), by its conventions for both, which are those of version 1.27 on.
 */
import { type Env, pipelineRunOf } from '../../load/measure/source-context.ts';
import type { Environment } from '../../load/measure/summary.ts';
import { type Attribute, attributeList } from './otlp-attributes.ts';

export function resourceAttributes({ commit, branch, ci }: Partial<Environment>, env: Env): Attribute[] {
  const pipeline = pipelineRunOf(env);
  return attributeList({
    'service.name': 'playload',
    'vcs.ref.head.revision': commit,
    'vcs.ref.head.name': branch ?? pipeline?.branch,
    'cicd.pipeline.name': pipeline?.name,
    'cicd.pipeline.run.id': pipeline?.run,
    'cicd.pipeline.run.url.full': pipeline?.url ?? ci?.url,
    'cicd.pipeline.task.name': pipeline?.task ?? ci?.job,
  });
}

/** Where a result comes from, in words and with an address, for whoever reads it far from the machine that ran it. */
import { maskText } from '../../load/measure/mask.ts';
import type { Environment } from '../../load/measure/summary.ts';
import { webAddress } from '../../load/measure/web-address.ts';
import { plainLine } from './plain-text.ts';

/** One part of the origin: `branch main`; with an address it is a link. */
export interface OriginPart {
  readonly words: string;
  readonly url?: string;
}

/** Branch, commit with its subject and author, job. Texts are one plain line each, secrets masked. */
export function originOf(environment: Environment, env: NodeJS.ProcessEnv = {}): readonly OriginPart[] {
  const { branch, commit, subject, author, ci } = environment;
  const about = [...(subject === undefined ? [] : [subject]), ...(author === undefined ? [] : [`by ${author}`])].join(
    ' ',
  );
  const ciUrl = webAddress(ci?.url);
  const commitUrl = commit === undefined ? undefined : commitAddress(commit, env);
  const parts: readonly OriginPart[] = [
    ...(branch === undefined ? [] : [{ words: safe(branch) }]),
    ...(commit === undefined
      ? []
      : [{ words: safe(commit.slice(0, 10)), ...(commitUrl !== undefined && { url: commitUrl }) }]),
    ...(about === '' ? [] : [{ words: safe(about) }]),
    ...(ci === undefined
      ? []
      : [{ words: safe([ci.name, ci.job].filter(Boolean).join(', ')), ...(ciUrl !== undefined && { url: ciUrl }) }]),
  ];
  return parts.filter(({ words }) => words !== '');
}

function commitAddress(commit: string, env: NodeJS.ProcessEnv): string | undefined {
  const hash = encodeURIComponent(commit);
  const [github, repository, gitlab] = [env['GITHUB_SERVER_URL'], env['GITHUB_REPOSITORY'], env['CI_PROJECT_URL']];
  if (github !== undefined && repository !== undefined) return webAddress(`${github}/${repository}/commit/${hash}`);
  return gitlab === undefined ? undefined : webAddress(`${gitlab}/-/commit/${hash}`);
}

function safe(text: string): string {
  return maskText(plainLine(text));
}

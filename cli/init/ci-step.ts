/** The step of a CI system that runs the load project: as a change of its file where that is sure, else as lines to add. */
import { azureLines, gitlabJob, githubWorkflow, type Where } from './ci-texts.ts';

export interface CiFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
}

export interface CiParts {
  /** Those of CI systems that are there. */
  readonly files: readonly CiFile[];
  /** Whether there is a folder for GitHub's workflows. */
  readonly hasWorkflows: boolean;
  readonly where: Where;
}

export type CiStep =
  | { readonly kind: 'change'; readonly path: string; readonly text: string; readonly says: string }
  | { readonly kind: 'there'; readonly says: string }
  | { readonly kind: 'left'; readonly what: string; readonly lines: readonly string[] }
  | { readonly kind: 'none' };

export const githubPath = '.github/workflows/load.yml';
export const gitlabPath = '.gitlab-ci.yml';
export const azurePath = 'azure-pipelines.yml';

export function ciSteps(parts: CiParts): readonly CiStep[] {
  const find = (path: string) => parts.files.find((each) => each.path === path);
  const [gitlab, azure] = [find(gitlabPath), find(azurePath)];
  const steps = [
    ...(parts.hasWorkflows ? [github(parts)] : []),
    ...(gitlab === undefined ? [] : [onGitlab(gitlab, parts.where)]),
    ...(azure === undefined ? [] : [onAzure(azure, parts.where)]),
  ];
  return steps.length === 0 ? [{ kind: 'none' }] : steps;
}

/** A line that runs all projects of Playwright, without what would run only some of them. */
function runsAll(text: string): string | undefined {
  return testLines(text).find((line) => !/--project\b|--shard\b|--reporter\b|--ui\b|--list\b/.test(line));
}

function testLines(text: string): readonly string[] {
  const withoutComments = text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, ''));
  return withoutComments.filter((line) => /\bplaywright test\b/.test(line));
}

const mentionsLoad = (text: string) =>
  testLines(text).some((line) => /--project[= ]["']?load\b/.test(line)) || /\bload-results\b/.test(text);

function github({ files, where }: CiParts): CiStep {
  const workflows = files.filter(({ path }) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path));
  const loading = workflows.find(({ text }) => mentionsLoad(text));
  if (loading !== undefined) return { kind: 'there', says: `${loading.path} runs load tests` };
  const running = workflows.find(({ text }) => runsAll(text) !== undefined);
  if (running === undefined)
    return {
      kind: 'change',
      path: githubPath,
      text: githubWorkflow(where),
      says: `${githubPath} runs the load project on each push`,
    };
  const text = withUpload(running.text);
  const says = `${running.path} runs \`playwright test\`, and so the load project too`;
  if (text !== undefined)
    return { kind: 'change', path: running.path, text, says: `${says}; it now keeps load-results` };
  return {
    kind: 'left',
    what: `${says}; let it keep the results, in a step after that`,
    lines: [
      '- uses: actions/upload-artifact@v4',
      '  if: ${{ !cancelled() }}',
      '  with: { name: load-results, path: load-results/ }',
    ],
  };
}

/** After the step that keeps Playwright's report, once more for ours; undefined where there is not just one such step, of a form that is known. */
function withUpload(text: string): string | undefined {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const starts = lines.flatMap((line, at) => (/^ *- /.test(line) ? [at] : []));
  const steps = starts.map((from) => ({ from, to: endOfStep(lines, from) }));
  const uploads = steps.filter(({ from, to }) => {
    const step = lines.slice(from, to);
    return step.some((line) => line.includes('actions/upload-artifact@')) && isReportUpload(step);
  });
  const [upload] = uploads;
  if (upload === undefined || uploads.length !== 1) return undefined;
  const step = lines.slice(upload.from, upload.to);
  const ours = step.map((line) =>
    line
      .replace(/^( *(?:- )?name: ).*$/, (whole, head: string) =>
        whole.includes('playwright-report') ? `${head}load-results` : `${head}Keep load results`,
      )
      .replace(/^( *path: )["']?playwright-report\/?["']?$/, '$1load-results/'),
  );
  return [...lines.slice(0, upload.to), ...ours, ...lines.slice(upload.to)].join(newline);
}

/** Nothing in it that may stand there only once. */
function isReportUpload(step: readonly string[]): boolean {
  const known =
    /^\s*(?:- )?(?:uses: actions\/upload-artifact@\S+|if: .*|with:|name: .*|path: .*|retention-days: \d+)\s*$/;
  return (
    step.every((line) => known.test(line)) &&
    step.filter((line) => /^ *name: ["']?playwright-report["']?$/.test(line)).length === 1 &&
    step.filter((line) => /^ *path: ["']?playwright-report\/?["']?$/.test(line)).length === 1
  );
}

/** The line after the last that belongs to it; empty lines are of nobody. */
function endOfStep(lines: readonly string[], from: number): number {
  const indent = lines[from]?.search(/\S/) ?? 0;
  let end = from + 1;
  while (end < lines.length && (lines[end]?.search(/\S/) ?? -1) > indent) end++;
  return end;
}

function onGitlab({ path, text }: CiFile, where: Where): CiStep {
  if (mentionsLoad(text)) return { kind: 'there', says: `${path} runs load tests` };
  const job = gitlabJob(where);
  if (runsAll(text) !== undefined)
    return {
      kind: 'left',
      what: `${path} runs \`playwright test\`, and so the load project too; let that job keep the results`,
      lines: [
        'artifacts:',
        '  when: always',
        '  paths: [load-results/]',
        '  reports: { metrics: load-results/metrics.txt }',
      ],
    };
  const stages = /^stages:/m.test(text);
  const hasStage = !stages || /^stages:(?:[^\n]*\btest\b|(?:\s*\n\s*- (?!test\b).*)*\s*\n\s*- test\b)/m.test(text);
  if (!hasStage || /^load:/m.test(text))
    return { kind: 'left', what: `${path} gets a job, in a stage of your choice`, lines: job.trimEnd().split('\n') };
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' ? '' : text.endsWith('\n') ? newline : `${newline}${newline}`;
  return {
    kind: 'change',
    path,
    text: `${text}${gap}${job.replaceAll('\n', newline)}`,
    says: `${path} has a job \`load\``,
  };
}

function onAzure({ path, text }: CiFile, where: Where): CiStep {
  if (mentionsLoad(text)) return { kind: 'there', says: `${path} runs load tests` };
  return { kind: 'left', what: `${path} gets these steps`, lines: azureLines(where) };
}

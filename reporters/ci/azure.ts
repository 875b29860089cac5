/** What Azure Pipelines gets: the job summary as a page of the run, and an issue for each bad run, by logging commands. */
import { plainLine } from '../words/plain-text.ts';
import type { BuildError } from '../markdown/error-commands.ts';

export function uploadSummary(path: string): string {
  return `##vso[task.uploadsummary]${value(path)}`;
}

export function issueCommand({ file, line, title, message }: BuildError): string {
  return `##vso[task.logissue type=error;sourcepath=${property(file)};linenumber=${line};]${value(plainLine(`${title}: ${message}`))}`;
}

/** Escapes as `azure-pipelines-task-lib` does. */
function value(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return value(text).replaceAll(']', '%5D').replaceAll(';', '%3B');
}

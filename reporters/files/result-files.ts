/**
 * The files that tell of this run, from its first moment on: before a test starts, `summary.json` and `report.html` of
 * an earlier run give way to ones that say "not finished"; each run that ends is added; the last write takes the mark
 * away. So whatever kills the process, the files tell of this run and never of yesterday's.
 *
 * The mark names its writer. A folder that another living process writes is left to that one, and a run whose mark was
 * replaced writes no more: both end their run with an error. The mark of a process that is gone counts for nothing.
 */
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Summary, Unfinished } from '../../load/measure/summary.ts';
import { renderRunLink } from '../html/run-link.ts';
import { renderUnfinishedPage } from '../html/unfinished-page.ts';
import { isAnotherAlive, isSameWriter, type Writer, writerHere } from './running-process.ts';
import { summaryText } from './summary-text.ts';
import { writeWhole } from './write-whole.ts';

export interface ResultFilesParts {
  readonly folder: string;
  /** Whether `report.html` was asked for. */
  readonly html: boolean;
  /** Other files of a run: those of an earlier one go when this one begins. */
  readonly others: readonly string[];
}

/** Another run writes in the same folder. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken';
}

export class ResultFiles {
  readonly #parts: ResultFilesParts;
  readonly #writer: Writer = writerHere();
  #marked = false;
  #refused: FolderTaken | undefined;

  constructor(parts: ResultFilesParts) {
    this.#parts = parts;
  }

  get summaryPath(): string {
    return resolve(this.#parts.folder, 'summary.json');
  }

  get #noticePaths(): readonly [slack: string, teams: string] {
    const { folder } = this.#parts;
    return [resolve(folder, 'notice.json'), resolve(folder, 'notice.teams.json')];
  }

  get pagePath(): string {
    return resolve(this.#parts.folder, 'report.html');
  }

  /** Pages that lead to one run each. */
  get #linksPath(): string {
    return resolve(this.#parts.folder, 'runs');
  }

  /** Whether an earlier run has left results here. */
  hasEarlier(): boolean {
    return this.#onDisk() !== undefined;
  }

  /** What an earlier run has left here, as far as it can be read. */
  earlier(): Partial<Summary> | undefined {
    return this.#onDisk();
  }

  /** Replaces what an earlier run left. Throws `FolderTaken`, or what the file system says. */
  begin(summary: Summary): void {
    const known = this.#onDisk()?.unfinished;
    if (known !== undefined && isAnotherAlive(known)) this.#refuse(known);
    this.#writeUnfinished(summary, 'the tests are still running, or were killed before their end');
    this.#marked = true;
    const { html, others } = this.#parts;
    for (const path of [...(html ? [] : [this.pagePath]), ...this.#noticePaths, ...others])
      rmSync(path, { force: true });
    rmSync(this.#linksPath, { recursive: true, force: true });
  }

  /** The runs so far, as the tests go on. Throws as `begin` does. */
  update(summary: Summary): void {
    this.#checkMark();
    this.#writeUnfinished(summary, 'the tests are still running, or were killed before their end');
  }

  /** Where the tests came to no end of their own. */
  abandon(summary: Summary, reason: string): void {
    this.#checkMark();
    this.#writeUnfinished(summary, reason);
  }

  /** The end. Throws as `begin` does; once it has thrown, the folder is another's. */
  writeSummary(summary: Summary): void {
    this.#checkMark();
    writeWhole(this.summaryPath, summaryText(summary));
    this.#marked = false;
  }

  writePage(page: string): void {
    writeWhole(this.pagePath, page);
  }

  /** To the page just written, or to its `copy`; returns where the link lies. */
  writeRunLink(id: string, copy: string): string {
    const path = resolve(this.#linksPath, `${id}.html`);
    writeWhole(path, renderRunLink({ id, report: '../report.html', copy }));
    return path;
  }

  /** `notice.json` and `notice.teams.json`. */
  writeNotices({ slack, teams }: { readonly slack: string; readonly teams: string }): void {
    const [slackPath, teamsPath] = this.#noticePaths;
    writeWhole(slackPath, slack);
    writeWhole(teamsPath, teams);
  }

  /** Throws `FolderTaken` when the mark of this run is no longer there. */
  #checkMark(): void {
    if (this.#refused !== undefined) throw this.#refused;
    if (!this.#marked) return;
    const now = this.#onDisk();
    if (now === undefined) return; // cleared away, and by nobody who writes results
    if (now.unfinished === undefined || !isSameWriter(now.unfinished, this.#writer)) this.#refuse(now.unfinished);
  }

  #refuse(other: Unfinished | undefined): never {
    this.#refused = new FolderTaken(this.#taken(other));
    throw this.#refused;
  }

  #writeUnfinished(summary: Summary, reason: string): void {
    const marked: Summary = { ...summary, unfinished: { reason, ...this.#writer } };
    writeWhole(this.summaryPath, summaryText(marked));
    if (this.#parts.html) this.writePage(renderUnfinishedPage(marked));
  }

  #onDisk(): Partial<Summary> | undefined {
    try {
      const known = JSON.parse(readFileSync(this.summaryPath, 'utf8')) as Partial<Summary> | null;
      return known?.schema?.startsWith('playload.summary/') === true ? known : undefined;
    } catch {
      return undefined; // not there, or no summary of ours
    }
  }

  #taken(other: Unfinished | undefined): string {
    const who =
      other === undefined ? 'another run' : `another run (process ${other.pid} on ${other.host}, \`${other.command}\`)`;
    return `${who} writes its results to \`${this.#parts.folder}\` at the same time: give each run an \`outputFolder\` of its own`;
  }
}

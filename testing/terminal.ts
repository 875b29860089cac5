/** For tests: a command on a terminal of its own, by `script` of util-linux, which gives it a pty. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { Screen } from './screen.ts';

export interface OnTerminal {
  readonly process: ChildProcess;
  /** All that it has shown so far, without colours and moves of the cursor. */
  readonly shown: () => string;
  /** The screen after each drawing of our rows and each piece of other text, the newest last. */
  readonly screens: () => readonly string[][];
  /** All rows that were ever on it, as they stood in the end. */
  readonly history: () => string[];
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

export interface TerminalParts {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * Our rows are drawn from DECSC to DECRC. Each drawing is a screen, however many of them come at once to a reader that was
 * kept waiting, and half of one is none.
 */
const afterDrawing = /(?<=\u001B8)/;

export function onTerminal(
  command: readonly string[],
  { cwd, env, columns = 200, rows = 50 }: TerminalParts,
): OnTerminal {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows ${rows}; exec ${words}`, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  const screen = new Screen({ columns, rows });
  const screens: string[][] = [];
  /** Of rows that are being drawn. */
  let begun = '';
  const show = (text: string) => {
    screen.write(text);
    screens.push(screen.shown);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const pieces = (begun + text).split(afterDrawing);
      const last = pieces.pop() ?? '';
      const drawing = last.search(/\u001B(?:7|$)/);
      begun = drawing === -1 ? '' : last.slice(drawing);
      for (const piece of [...pieces, last.slice(0, last.length - begun.length)]) if (piece !== '') show(piece);
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    shown: () => stripVTControlCharacters(said),
    screens: () => screens,
    history: () => screen.history,
    ended,
  };
}

/** What the reporter touches of its process: where it writes, and what decides how that looks. Tests hand in their own. */
import { type Paint, paintFor } from './terminal/paint.ts';

/** Where others of this process write too. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface Surroundings {
  /** Absent where nobody else writes, and nothing is shown before the end. */
  readonly streams?: Streams;
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Has the process end with exit code 1, whatever its Playwright makes of an error; absent where it is somebody else's. */
  readonly failAtExit?: () => void;
  /** Whether rows can be drawn anew in place. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

/** Narrower, a table loses its sense; wider, the eye loses the line; and logs have no width of their own. */
export const terminalWidths = { least: 60, most: 140, ofLogs: 110 } as const;

export function processSurroundings(): Surroundings {
  const { stdout, stderr, env } = process;
  const { least, most, ofLogs } = terminalWidths;
  return {
    streams: { stdout, stderr },
    write: (text) => void stdout.write(text),
    warn: (text) => void stderr.write(text),
    env,
    cwd: process.cwd(),
    failAtExit: () => {
      process.once('exit', (code) => {
        if (code === 0) process.exitCode = 1;
      });
    },
    isTerminal: drawsInPlace(stdout, env),
    width: stdout.isTTY ? Math.min(most, Math.max(least, stdout.columns)) : ofLogs,
    paint: paintFor(stdout.isTTY, env),
  };
}

/** A CI system may give its jobs a terminal, but keeps all that is sent there. */
export function drawsInPlace(
  { isTTY, columns, rows }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>,
  { CI = '', TERM, PLAYWRIGHT_FORCE_TTY: forced = '' }: NodeJS.ProcessEnv,
): boolean {
  const isKept = !['', '0', 'false'].includes(CI) || ['0', 'false'].includes(forced);
  return isTTY && columns > 0 && rows > 0 && TERM !== 'dumb' && !isKept;
}

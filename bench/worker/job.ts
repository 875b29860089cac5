/** What bench and worker have in common: the name of a spec, and the shapes of what it is asked and answers. */
import { writeFileSync } from 'node:fs';

export class Job<Ask, Answer> {
  readonly spec: string;

  constructor(spec: string) {
    this.spec = spec;
  }

  /** What the bench asks. Throws when the spec was not started by it. */
  ask(): Ask {
    const asked = process.env['BENCH_ASK'];
    if (asked === undefined) throw new Error(`\`${this.spec}\` is run by \`npm run bench\``);
    return JSON.parse(asked) as Ask;
  }

  answer(answer: Answer): void {
    const file = process.env['BENCH_ANSWER'];
    if (file === undefined) throw new Error(`\`${this.spec}\` is run by \`npm run bench\``);
    writeFileSync(file, JSON.stringify(answer));
  }
}

/** A recording as a spec: one scenario that does what the person did, with its own ids, secrets and pauses. */
import { MadeUp } from './made-up.ts';
import type { Exchange } from './exchange.ts';
import { KnownValues, nounOf, type Path, type Source } from './known-values.ts';
import { type Call, RequestCode } from './request-code.ts';
import { accessCode, commentText, literal, Names } from './source-text.ts';
import { pauseText, type Step, stepsOf } from './steps.ts';
import { indented, secretFunction } from './spec-parts.ts';

export interface JourneyParts {
  readonly title: string;
  readonly exchanges: readonly Exchange[];
  readonly origin: string;
  readonly users: number;
  readonly duration: string;
  /** What was left out of it and how it came about, a sentence each. */
  readonly notes: readonly string[];
}

interface Asked {
  readonly exchange: Exchange;
  /** Its place in the recording. */
  readonly number: number;
  readonly call: Call;
  readonly variable: string;
}

interface AskedStep {
  readonly asked: readonly Asked[];
  readonly pauseMs: number;
}

/** Equal requests in a row from which on they are a loop. */
const leastTurns = 3;

export function journeySpec(parts: JourneyParts): string {
  return new Journey(parts).spec();
}

class Journey {
  readonly #parts: JourneyParts;
  readonly #names = new Names();
  readonly #known = new KnownValues(this.#names);
  readonly #madeUp = new MadeUp(this.#names);
  readonly #steps: AskedStep[];

  constructor(parts: JourneyParts) {
    this.#parts = parts;
    this.#steps = this.#ask(stepsOf(parts.exchanges));
  }

  spec(): string {
    const { title, users, duration, notes, exchanges } = this.#parts;
    const expected = [...new Set(exchanges.map(({ status }) => status).filter((status) => status >= 400))];
    const secrets = this.#madeUp.ofEnvironment;
    const body = this.#body();
    const usesPause = body.some((line) => /^ *(?:if \(\w+ > 1\) )?await pause\(/.test(line));
    const context = `{ request, check${usesPause ? ', pause' : ''} }`;
    const options =
      expected.length === 0
        ? ''
        : `, {\n    // The recording has answers of these statuses.\n    expectStatus: (status) => status < 400 || [${expected.join(', ')}].includes(status),\n  }`;
    return [
      ...['/**', ...notes.map((note) => ` * ${commentText(note)}`), ' */'],
      "import { expect, test, users } from 'playload';",
      '',
      ...(secrets.length === 0 ? [] : [secretFunction, '']),
      `test(${literal(title)}, async ({ load }) => {`,
      ...secrets.map(({ variable, environment }) => `  const ${variable} = secret(${literal(environment)});`),
      `  const run = await load(users(${users}).for(${literal(duration)}), async (${context}) => {`,
      ...indented(body, 4),
      `  }${options});`,
      "  expect(run).toMeet({ successRate: '100%', p95: '< 1s' });",
      '});',
      '',
    ].join('\n');
  }

  #ask(steps: readonly Step[]): AskedStep[] {
    const { origin } = this.#parts;
    const code = new RequestCode({ known: this.#known, madeUp: this.#madeUp, origin });
    let number = 0;
    return steps.map(({ exchanges, pauseMs }) => {
      const asked = exchanges.map((exchange): Asked => {
        const call = code.callOf(exchange);
        const variable = this.#names.give(`${exchange.method.toLowerCase()} ${nounOf(exchange)}`, 'answer');
        return { exchange, number: number++, call, variable };
      });
      for (const each of asked) this.#known.add(each.exchange, each.number);
      return { asked, pauseMs };
    });
  }

  #body(): string[] {
    const lines = this.#madeUp.ofIteration.map((variable) => `const ${variable} = crypto.randomUUID();`);
    for (let at = 0; at < this.#steps.length;) {
      const step = this.#steps[at];
      if (step === undefined) break;
      const turns = this.#turnsFrom(at);
      const pause = pauseText(step.pauseMs);
      if (at > 0 && pause !== undefined) lines.push(`await pause(${literal(pause)});`);
      lines.push(...(turns >= leastTurns ? this.#loop(step, at, turns) : this.#once(step)));
      at += turns >= leastTurns ? turns : 1;
    }
    return lines;
  }

  /** How many steps from here on ask the same and hand nothing on: a page that asks until something is so. */
  #turnsFrom(at: number): number {
    const [first, ...others] = this.#steps[at]?.asked ?? [];
    if (first === undefined || others.length > 0 || first.exchange.method !== 'GET') return 1;
    let turns = 0;
    for (const { asked } of this.#steps.slice(at)) {
      const [each, ...rest] = asked;
      const isSame = each?.call.code === first.call.code && each.exchange.status === first.exchange.status;
      if (!isSame || rest.length > 0 || this.#known.usedOf(each.number).length > 0) break;
      turns += 1;
    }
    return turns;
  }

  #loop(step: AskedStep, at: number, turns: number): string[] {
    const pauses = this.#steps.slice(at + 1, at + turns).map(({ pauseMs }) => pauseMs);
    const pause = pauseText(pauses.reduce((sum, ms) => sum + ms, 0) / pauses.length);
    const turn = this.#names.give('turn');
    return [
      `for (let ${turn} = 1; ${turn} <= ${turns}; ${turn}++) {`,
      ...(pause === undefined ? [] : [`  if (${turn} > 1) await pause(${literal(pause)});`]),
      ...indented(this.#once(step), 2),
      '}',
    ];
  }

  #once({ asked }: AskedStep): string[] {
    const comments = asked.flatMap(({ call }) => (call.comment === undefined ? [] : [`// ${call.comment}`]));
    const [only] = asked;
    const sent =
      asked.length === 1 && only !== undefined
        ? [`const ${only.variable} = await ${only.call.code};`]
        : [
            `const [${asked.map(({ variable }) => variable).join(', ')}] = await Promise.all([`,
            ...asked.map(({ call }) => `  ${call.code},`),
            ']);',
          ];
    return [...comments, ...sent, ...asked.flatMap((each) => this.#after(each))];
  }

  /** What is checked of an answer, and taken from it. */
  #after({ variable, call, exchange, number }: Asked): string[] {
    const check = `check(${literal(`${call.title} answers ${exchange.status}`)}, ${variable}.status() === ${exchange.status});`;
    const used = this.#known.usedOf(number);
    const json = used.filter(({ from }) => from.kind === 'json' || from.kind === 'number');
    const body = json.length > 1 ? this.#names.give(`${variable} body`) : `(await ${variable}.json())`;
    return [
      check,
      ...(json.length > 1 ? [`const ${body} = await ${variable}.json();`] : []),
      ...used.map((source) => `const ${source.variable ?? ''} = ${takenFrom(source, variable, body)};`),
    ];
  }
}

function takenFrom({ from }: Source, variable: string, body: string): string {
  switch (from.kind) {
    case 'json':
      return pathCode(body, from.path);
    case 'number':
      return `String(${pathCode(body, from.path)})`;
    case 'cookie':
      return `(await request.storageState()).cookies.find(({ name }) => name === ${literal(from.name)})?.value ?? ''`;
    case 'header':
      return `${variable}.headers()${accessCode(from.name)} ?? ''`;
    case 'location':
      return `(${variable}.headers()['location'] ?? '').split('/').pop() ?? ''`;
  }
}

function pathCode(base: string, path: Path): string {
  return path.reduce<string>(
    (code, step) => (typeof step === 'object' ? `Object.values(${code})[${step.nth}]` : `${code}${accessCode(step)}`),
    base,
  );
}

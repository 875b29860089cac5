import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { printPrometheus, pythonNumber } from '../../fake-engine/prometheus-print.ts';
import { anyCharacter } from '../../testing/any-character.ts';
import { PrometheusFormatError } from './prometheus-format-error.ts';
import { metricTypes } from './prometheus-line.ts';
import { defaultParseLimits, parsingPrometheus, type Family } from './prometheus-parse.ts';
import { assertEngine, readScrape } from './scrape.ts';
import { finish } from './steps.ts';

const parsePrometheus = (text: string, limits = defaultParseLimits) => finish(parsingPrometheus(text, limits));

function samplesOf(text: string) {
  return [...parsePrometheus(text).values()].flatMap(({ samples }) => samples);
}

const lines = [
  { line: 'up 1', sample: { name: 'up', labels: {}, value: 1 } },
  { line: '  up\t 1.5e3 ', sample: { name: 'up', labels: {}, value: 1_500 } },
  { line: 'up{} 1', sample: { name: 'up', labels: {}, value: 1 } }, // an empty label set
  { line: 'up{a="1",} 1', sample: { name: 'up', labels: { a: '1' }, value: 1 } }, // a comma after the last label
  { line: 'up { a = "1" , b = "2" } 1', sample: { name: 'up', labels: { a: '1', b: '2' }, value: 1 } },
  { line: 'up{a="}"} 1', sample: { name: 'up', labels: { a: '}' }, value: 1 } },
  { line: 'up{a="x,b=\\"y\\""} 1', sample: { name: 'up', labels: { a: 'x,b="y"' }, value: 1 } },
  { line: String.raw`up{a="C:\\D\n"} 1`, sample: { name: 'up', labels: { a: 'C:\\D\n' }, value: 1 } },
  { line: 'up -3 1700000000000', sample: { name: 'up', labels: {}, value: -3, timestampMs: 1_700_000_000_000 } },
  { line: 'up 1 -5', sample: { name: 'up', labels: {}, value: 1, timestampMs: -5 } }, // before 1970
  { line: 'up 1 1.5', sample: { name: 'up', labels: {}, value: 1, timestampMs: 1.5 } }, // OpenMetrics seconds
  { line: 'up 1 # {trace_id="x"} 0.5', sample: { name: 'up', labels: {}, value: 1 } }, // an exemplar
  { line: 'up +Inf', sample: { name: 'up', labels: {}, value: Infinity } },
  { line: 'up -inf', sample: { name: 'up', labels: {}, value: -Infinity } },
  { line: 'up NaN', sample: { name: 'up', labels: {}, value: NaN } },
  { line: 'vllm:x{__proto__="1"} 1', sample: { name: 'vllm:x', labels: { ['__proto__']: '1' }, value: 1 } },
];
for (const { line, sample } of lines) {
  test(`${JSON.stringify(line)} is read`, () => {
    expect(samplesOf(`${line}\n`)).toEqual([sample]);
  });
}

const refused: { text: string; problem: string; line: number; column?: number; says: string }[] = [
  { text: '', problem: 'empty', line: 1, says: 'the page is empty' },
  { text: ' \n\n', problem: 'empty', line: 1, says: 'the page is empty' },
  { text: '# TYPE up gauge\n', problem: 'empty', line: 1, says: 'the page holds no sample' },
  { text: '<!DOCTYPE html><html>', problem: 'html', line: 1, says: 'expected metrics, got a web page' },
  { text: '\n<html lang="en">\n', problem: 'html', line: 1, says: 'expected metrics, got a web page' },
  { text: 'a 1\nb 12', problem: 'cut_off', line: 2, says: 'the page ends inside a line' },
  { text: '{"error":"no"}\n', problem: 'syntax', line: 1, says: 'expected a metric name' },
  { text: 'up\n', problem: 'syntax', line: 1, column: 3, says: 'expected a number' },
  { text: 'a 1\nup one\n', problem: 'syntax', line: 2, column: 4, says: 'expected a number' },
  { text: 'up 1_000\n', problem: 'syntax', line: 1, column: 4, says: 'expected a number' },
  {
    text: 'up 1 soon\n',
    problem: 'syntax',
    line: 1,
    column: 6,
    says: 'expected a timestamp after the value, or nothing',
  },
  { text: 'up 1 2 3\n', problem: 'syntax', line: 1, column: 8, says: 'expected the end of the line' },
  { text: 'up{a="1" 1\n', problem: 'syntax', line: 1, column: 10, says: 'expected `,`' },
  {
    text: 'up{a="1} 1\n',
    problem: 'syntax',
    line: 1,
    column: 11,
    says: 'a label value has no closing quote, got the end of the line',
  },
  { text: 'up{a=1} 1\n', problem: 'syntax', line: 1, column: 6, says: 'expected `"`' },
  { text: 'up{a\n', problem: 'syntax', line: 1, column: 5, says: 'expected `=`, got the end of the line' },
  {
    text: 'up{\n',
    problem: 'syntax',
    line: 1,
    column: 4,
    says: 'expected a label name or `}`, got the end of the line',
  },
  { text: 'up{a="1",a="2"} 1\n', problem: 'syntax', line: 1, column: 10, says: 'a label is given twice' },
  { text: 'up{a="\\t"} 1\n', problem: 'syntax', line: 1, column: 7, says: 'unknown escape in a label value' },
  {
    text: '# TYPE up meter\nup 1\n',
    problem: 'syntax',
    line: 1,
    says: 'expected a metric type that is known at the end of the line',
  },
  {
    text: '# TYPE up gauge\n# TYPE up counter\n',
    problem: 'syntax',
    line: 2,
    says: 'a metric is declared counter and, before, gauge',
  },
  { text: 'a 1\n# EOF\nb 1\n', problem: 'syntax', line: 3, says: 'expected nothing after `# EOF`' },
  ...[
    'h_bucket{le="1"} 2\n', // no last bucket
    'h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\n', // no count
    'h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\n',
    'h_bucket{a="1",le="+Inf"} 3\nh_count{a="1"} 3\nh_bucket{a="2",le="1"} 2\n', // of another series
    'h_bucket{a="1",le="+Inf"} 3\nh_count{a="2"} 3\n',
    '# TYPE h gaugehistogram\nh_bucket{le="1"} 2\nh_gcount 2\n',
  ].map((text) => ({
    text,
    problem: 'cut_off',
    line: text.split('\n').length - 1,
    says: 'a histogram of the page has no `+Inf` bucket or no count',
  })),
];
for (const { text, problem, line, column = 1, says } of refused) {
  test(`${JSON.stringify(text)} is refused as ${problem}`, () => {
    const refusal = refusalOf(() => parsePrometheus(text));
    expect(refusal).toMatchObject({ problem, line, column, detail: says });
    expect(refusal.message).toBe(`metrics page, line ${line}, column ${column}: ${says}`);
  });
}

const whole = [
  'h_bucket{a="1",le="1"} 2\nh_bucket{a="1",le="+Inf"} 3\nh_count{a="1"} 3\nh_sum{a="1"} 4\n', // Python's order
  'h_bucket{le="1"} 2\nh_bucket{le="+Inf"} NaN\nh_sum 4\nh_count 3\n', // Rust's; a count that is no number
  '# TYPE h gaugehistogram\nh_bucket{le="+Inf"} 2\nh_gcount 2\n',
  'leaky_bucket 1\n', // a name like another
];
for (const text of whole) {
  test(`${JSON.stringify(text)} has nothing missing`, () => {
    expect(samplesOf(text)).toHaveLength(
      text
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('#')).length,
    );
  });
}

test('a page at its limits of length and samples is read, in many steps', () => {
  const wide = 'x'.repeat(146); // 50,000 samples in nearly 8 MiB
  const text = Array.from({ length: 50_000 }, (_, at) => `up{a="${at}",b="${wide}"} 1\n`).join('');
  expect(text.length).toBeGreaterThan(0.97 * defaultParseLimits.maxLength);
  const steps = parsingPrometheus(text);
  for (let count = 1; ; count += 1) {
    const step = steps.next();
    if (step.done !== true) continue;
    expect(step.value.get('up')?.samples).toHaveLength(50_000);
    expect(count).toBeGreaterThan(50);
    break;
  }
});

test('whatever is wrong with a page, the error repeats nothing of it', () => {
  const secret = fc.stringMatching(/^[a-zA-Z0-9]{8,16}$/);
  const pages = [
    ...refused.map(({ text }) => text),
    'vllm:num_requests_running{engine="0",model_name="m"} 1 1700000000\n# TYPE a counter\na_total 2 # {b="c"} 1\n',
    '<html><title>x</title>\n',
  ];
  const places = fc.constantFrom(...pages).chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length)));
  let refusals = 0;
  fc.assert(
    fc.property(places, secret, ([text, at], hidden) => {
      const outcome = attempt(() => assertEngine(readScrape(text.slice(0, at) + hidden + text.slice(at), 0), 'tgi'));
      if (!(outcome instanceof Error)) return;
      refusals += 1;
      if (outcome.message.includes(hidden) || JSON.stringify(outcome).includes(hidden)) throw outcome;
    }),
    { numRuns: 1_000 },
  );
  expect(refusals).toBeGreaterThan(500);
});

const limits = { maxLength: 40, maxLineLength: 20, maxSamples: 3 };
const tooLarge = [
  { text: `a ${'1'.repeat(19)}\n`, line: 1, says: 'expected at most 20 characters in a line, got 21' },
  { text: 'a 1\n'.repeat(4), line: 4, says: 'expected at most 3 samples in a page' },
  { text: '#\n'.repeat(21), line: 1, says: 'expected at most 40 characters in a page, got 42' },
];
for (const { text, line, says } of tooLarge) {
  test(`a page is refused when ${says}`, () => {
    const refusal = refusalOf(() => parsePrometheus(text, limits));
    expect({ problem: refusal.problem, line: refusal.line, says: refusal.detail }).toEqual({
      problem: 'too_large',
      line,
      says,
    });
  });
}

test('a page at its limits is read', () => {
  expect(parsePrometheus(`a ${'1'.repeat(18)}\n${'a 1\n'.repeat(2)}`, limits).get('a')?.samples).toHaveLength(3);
});

test('a histogram gathers its buckets, sum and count under one family', () => {
  const page =
    '# HELP h Of \\\\ and\\nlines.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 3\nh_other 1\n';
  const families = parsePrometheus(page);
  expect([...families.keys()]).toEqual(['h', 'h_other']);
  expect(families.get('h')).toMatchObject({ type: 'histogram', help: 'Of \\ and\nlines.' });
  expect(families.get('h')?.samples.map(({ name }) => name)).toEqual(['h_bucket', 'h_bucket', 'h_sum', 'h_count']);
});

test('lines that end in a carriage return and comments of no meaning are read past', () => {
  expect(samplesOf('# a comment\r\n#\r\nup 1\r\n# EOF\r\n')).toEqual([{ name: 'up', labels: {}, value: 1 }]);
});

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/);
const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
const sample = fc.record({
  labels: fc.dictionary(label, fc.string({ unit: anyCharacter })),
  value: fc.double(),
  timestampMs: fc.option(fc.integer(), { nil: undefined }),
});
const family: fc.Arbitrary<Family> = fc
  .tuple(name, fc.constantFrom(...metricTypes), fc.string(), fc.array(sample, { minLength: 1, maxLength: 4 }))
  .map(([familyName, type, help, samples]) => ({
    name: familyName,
    type,
    help: help.replaceAll('\r', ''),
    samples: samples.map(({ timestampMs, ...rest }) => ({
      name: familyName,
      ...rest,
      ...(timestampMs === undefined ? {} : { timestampMs }),
    })),
  }));
const page = fc.uniqueArray(family, { selector: (one) => one.name, minLength: 1, maxLength: 5 });

for (const [form, number] of [
  ['plain', undefined],
  ['python', pythonNumber],
] as const) {
  test(`every page printed with ${form} numbers is read back as it was`, () => {
    fc.assert(
      fc.property(page, (families) => {
        const text = printPrometheus(families, number);
        expect([...parsePrometheus(text).values()]).toEqual(families);
      }),
    );
  });
}

test('any text is either read or refused with a typed error', () => {
  const soup = fc.array(
    fc.constantFrom('up', '{', '}', '"', '\\', ',', '=', ' ', '\n', '1', 'NaN', '#', 'TYPE', '\u{1f600}', '\0'),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: anyCharacter }),
        soup.map((parts) => parts.join('')),
      ),
      (text) => {
        const outcome = attempt(() => parsePrometheus(text, defaultParseLimits));
        // One `expect` is a step with a stack: a thousand of them take seconds.
        if (!(outcome instanceof Map || outcome instanceof PrometheusFormatError)) throw outcome;
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a long line of any kind is done with in proportion to its length', () => {
  const long = 16_000;
  const starts = ['#', '# HELP ', '# TYPE x ', 'x', 'x{', 'x{a="', 'x 1 '];
  const startedMs = performance.now();
  for (const start of starts)
    for (const char of ['a', ' ', '\\', '"', '1', ',', '\v'])
      attempt(() => parsePrometheus(`${start}${char.repeat(long)}\v\n`));
  // Lines that take the square of their length would need tens of seconds.
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

test('every page that is cut anywhere but after a line is refused', () => {
  const whole = '# TYPE up gauge\nup{a="b c"} 1234\nup{a="d"} 5\n';
  for (let length = 1; length < whole.length; length += 1) {
    if (whole[length - 1] === '\n') continue;
    expect(refusalOf(() => parsePrometheus(whole.slice(0, length))).problem).toBe('cut_off');
  }
});

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

function refusalOf(act: () => unknown): PrometheusFormatError {
  const outcome = attempt(act);
  if (outcome instanceof PrometheusFormatError) return outcome;
  throw new Error('the page was read', { cause: outcome });
}

// What a JSON report of Playwright says: a line `passed failed`, then one line for each test that failed, was skipped or
// passed only at a second try, and the first and last lines of what its errors say. How long it took, and its slowest
// tests, go to stderr: they are for people, and judge nothing, since a machine shared with others takes twice as long as
// it does alone.
// Usage: node .ci/outcome.mjs report.json
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { expected, unexpected, flaky, skipped } = report.stats;
console.log(expected, unexpected + flaky + skipped);

const mostLines = 24;
const linesOf = (errors = []) =>
  errors
    .flatMap(({ message = '' }) => message.replace(/\u001b\[[0-9;]*m/g, '').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => `      ${line.slice(0, 200)}`);
/** Both ends: a child's output comes before what was expected of it. */
const shortened = (lines) =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines / 2), '      …', ...lines.slice(-mostLines / 2)];
const tell = (title, errors) => console.log([`  ${title}`, ...shortened(linesOf(errors))].join('\n'));

for (const error of report.errors) tell('outside any test', [error]);
for (const suite of report.suites) print(suite, []);

const slowest = report.suites
  .flatMap((suite) => timed(suite, []))
  .sort((a, b) => b.ms - a.ms)
  .slice(0, 10);
console.error(`took ${seconds(report.stats.duration).trim()}; the slowest tests:`);
for (const { ms, name } of slowest) console.error(`  ${seconds(ms)}  ${name}`);

function timed(suite, path) {
  const inner = (suite.suites ?? []).flatMap((each) => timed(each, [...path, each.title]));
  const own = suite.specs.map(({ file, line, title, tests }) => ({
    ms: tests.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0),
    name: `${file}:${line} ${[...path, title].join(' › ')}`,
  }));
  return [...own, ...inner];
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1).padStart(6)} s`;
}

function print(suite, path) {
  for (const inner of suite.suites ?? []) print(inner, [...path, inner.title]);
  for (const spec of suite.specs) {
    const bad = spec.tests.find((test) => test.status !== 'expected');
    if (!bad) continue;
    const failed = bad.results.find((result) => result.error);
    tell(`${spec.file}:${spec.line} ${[...path, spec.title].join(' › ')} (${bad.status})`, failed?.errors);
  }
}

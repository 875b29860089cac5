// What a JSON report of Playwright says: a line `passed failed`, then one line for each test that failed, was skipped or
// passed only at a second try, with the first line of its error. Usage: node .ci/outcome.mjs report.json
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { expected, unexpected, flaky, skipped } = report.stats;
console.log(expected, unexpected + flaky + skipped);

const firstLine = (error) =>
  (error?.message ?? '')
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')[0]
    .slice(0, 200);

for (const error of report.errors) console.log(`  ${firstLine(error)}`);
for (const suite of report.suites) print(suite, []);

function print(suite, path) {
  for (const inner of suite.suites ?? []) print(inner, [...path, inner.title]);
  for (const spec of suite.specs) {
    const bad = spec.tests.find((test) => test.status !== 'expected');
    if (!bad) continue;
    const failed = bad.results.find((result) => result.error);
    console.log(
      `  ${spec.file}:${spec.line} ${[...path, spec.title].join(' › ')} (${bad.status}) ${firstLine(failed?.error)}`,
    );
  }
}

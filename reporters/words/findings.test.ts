import { expect } from '@playwright/test';
import type { FindingUnit } from '../../load/measure/finding.ts';
import { test } from '../../testing/plain-test.ts';
import { sampleFinding } from '../../testing/sample-finding.ts';
import { figureName, figureWords } from './finding-figures.ts';
import { cellOf, findingValue, measuredColumns, restsOn } from './findings.ts';

const values: readonly {
  readonly value: number | string | undefined;
  readonly unit: FindingUnit;
  readonly text: string;
}[] = [
  { value: 87.25, unit: 'ms', text: '87.3 ms' },
  { value: 0.125, unit: 'share', text: '12.5 %' },
  { value: 198, unit: 'perSec', text: '198/s' },
  { value: 12_840, unit: 'count', text: '12,840' },
  { value: 0.93128, unit: 'number', text: '0.9313' },
  { value: 61.25, unit: 'mb', text: '61.3 MB' },
  { value: 1_200, unit: 'users', text: '1,200' },
  { value: 3, unit: 'pair', text: '3' },
  { value: 7.3, unit: 'pair', text: 'all pairs' },
  { value: 90.5, unit: 'seconds', text: '1m30.5s' },
  { value: 1.5, unit: 'minutes', text: '1m30s' },
  { value: 0, unit: 'seconds', text: '0ms' },
  { value: -2, unit: 'seconds', text: '−2s' }, // before the stress began
  { value: 1.0523, unit: 'ratio', text: '1.05 ×' },
  { value: 7, unit: 'text', text: '7' },
  { value: 'holds', unit: 'ms', text: 'holds' },
  { value: undefined, unit: 'ms', text: '–' },
];
for (const { value, unit, text } of values) {
  test(`${String(value)} in ${unit} is ${text}`, () => {
    expect(findingValue(value, unit)).toBe(text);
  });
}

test('what came as no number is not measured', () => {
  expect(findingValue(JSON.parse('null') as number, 'ms')).toBe('–');
});

const names = [
  { name: 'sustained', words: ['sustained'], unit: 'number' },
  { name: 'uslPeakPerSec', words: ['usl', 'peak'], unit: 'perSec' },
  { name: 'p95Ms', words: ['p95'], unit: 'ms' },
  { name: 'growthMb', words: ['growth'], unit: 'mb' },
  { name: 'slopeMbPerHour', words: ['slope', 'mb', 'per', 'hour'], unit: 'number' },
  { name: 'slopeMbPerMin', words: ['slope'], unit: 'mbPerMin' },
  { name: 'handlesSlopePerMin', words: ['handles', 'slope'], unit: 'perMin' },
  { name: 'growthMbPer1000Requests', words: ['growth'], unit: 'mbPer1000Requests' },
  { name: 'handlesGrowthPer1000Requests', words: ['handles', 'growth'], unit: 'per1000Requests' },
  { name: 'changePercent', words: ['change'], unit: 'percent' },
  { name: 'cpuResidualPoints', words: ['cpu', 'residual'], unit: 'points' },
  { name: 'sustainedUsers', words: ['sustained'], unit: 'users' },
  { name: 'errorShare', words: ['error'], unit: 'share' },
  { name: 'backAfterSeconds', words: ['back', 'after'], unit: 'seconds' },
  { name: 'ofMinutes', words: ['of'], unit: 'minutes' },
  { name: 'medianRatio', words: ['median'], unit: 'ratio' },
  { name: 'Ms', words: ['ms'], unit: 'number' }, // nothing would be left
  { name: 'a-b.c', words: ['a', 'b', 'c'], unit: 'number' },
] as const;
for (const { name, words, unit } of names) {
  test(`the figure \`${name}\` is ${words.join(' ')}, in ${unit}`, () => {
    expect(figureName(name)).toEqual({ words, unit });
  });
}

test('figures are said with their unit, and yes or no', () => {
  const figures = { p95Ms: 87, isFlat: true, hasDrift: false, limitedBy: 'latency', overheadRatio: 1.25 };
  expect(figureWords({ figures })).toEqual([
    ['p95', '87.0 ms'],
    ['is flat', 'yes'],
    ['has drift', 'no'],
    ['limited by', 'latency'],
    ['overhead', '1.25 ×'],
  ]);
});

for (const { figure, value, text } of [
  { figure: 'changePercent', value: -3.4, text: '-3.4 %' },
  { figure: 'cpuLimitPercent', value: 412.5, text: '412.5 %' }, // of more than four cores
  { figure: 'cpuResidualPoints', value: 1.25, text: '1.25 points' },
  { figure: 'handlesSlopePerMin', value: 300.04, text: '300/min' },
  { figure: 'slopeMbPerMin', value: 59.96, text: '59.96 MB/min' },
  { figure: 'growthPer1000Requests', value: 2.04, text: '2.04 per 1,000 requests' },
  { figure: 'growthMbPer1000Requests', value: 0.52, text: '0.52 MB per 1,000 requests' },
  { figure: 'sustainedUsers', value: 1_200, text: '1,200' },
]) {
  test(`\`${figure}\` of ${value} is said as ${text}`, () => {
    expect(figureWords({ figures: { [figure]: value } }).map(([, said]) => said)).toEqual([text]);
  });
}

test('a column of which nothing was measured is left out, an inherited property is no cell', () => {
  const { table } = sampleFinding();
  expect(table && measuredColumns(table).map(({ name }) => name)).toEqual(['rate', 'outcome', 'throughput', 'p95']);
  expect(cellOf({ a: 1 }, '__proto__')).toBeUndefined();
  expect(cellOf({ a: 1 }, 'a')).toBe(1);
});

for (const { runs, text } of [
  { runs: 0, text: undefined },
  { runs: 1, text: 'rests on 1 run' },
  { runs: 1_234, text: 'rests on 1,234 runs' },
]) {
  test(`of ${runs} runs it is said: ${String(text)}`, () => {
    expect(restsOn(runs)).toBe(text);
  });
}

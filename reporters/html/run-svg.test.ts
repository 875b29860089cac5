import { expect } from '@playwright/test';
import { emptyRunData } from '../../load/measure/run-data.ts';
import { judgeRun } from '../../load/verdict/judge.ts';
import { test } from '../../testing/plain-test.ts';
import { renderRunSvg } from './run-svg.ts';
import { sampleRun } from '../../testing/page-run.ts';

test('the picture of a run is the same every time, and shows its verdict, figures and limits', () => {
  const run = sampleRun({ seconds: 20 });
  const judgement = judgeRun(run);
  const svg = renderRunSvg(run, judgement);
  expect(renderRunSvg(run, judgement)).toBe(svg);
  expect(svg).toContain('✗ failed');
  expect(svg).toContain('80/s for 20s');
  expect(svg).toContain('p95 &lt; 60.0 ms');
  expect(svg).toContain('warm-up');
  expect(svg.match(/<path /g)?.length).toBeGreaterThan(10);
});

test('the picture refers to nothing outside and runs nothing', () => {
  const svg = renderRunSvg(sampleRun({ seconds: 5 }), { verdict: 'passed', reason: '' });
  expect(svg).not.toMatch(/<script|javascript:|\son\w+=|<image|<foreignObject/i);
  expect([...svg.matchAll(/https?:\/\/[^"]+/g)].map(([url]) => url)).toEqual(
    expect.arrayContaining(['http://www.w3.org/2000/svg']),
  );
  expect(svg.replaceAll(/http:\/\/www\.w3\.org\/(?:2000\/svg|1999\/xlink)/g, '')).not.toMatch(/https?:/);
});

test('markup and control characters in a reason stay text', () => {
  const svg = renderRunSvg(sampleRun({ seconds: 2 }), {
    verdict: 'failed',
    reason: '</text><script>alert(1)</script>\u0000" & 👩‍👩‍👧',
  });
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; &amp; 👩‍👩‍👧');
  expect(svg).not.toContain('\u0000');
});

test('a run without data has a picture that says so', () => {
  const run = emptyRunData({ index: 0, profile: '1/s for 1s', model: 'open', warmUpMs: 0, whenSaturated: 'warn' });
  const svg = renderRunSvg(run, judgeRun(run));
  expect(svg).toContain('no latency was measured');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { sampleResult, sampleTest } from '../../testing/sample-test.ts';
import { annotateFinding } from './annotate-finding.ts';

const rows = [
  { name: undefined, type: 'breaking point' },
  { name: 'v1.2 of a\u001b[31mb', type: 'breaking point of v1.2 of ab' },
];
for (const { name, type } of rows) {
  test(`a finding called ${JSON.stringify(name)} is an annotation and a picture of its test`, () => {
    const [asking, result] = [sampleTest(), sampleResult({ annotations: [] })];
    const summary = sampleFindingSummary({ ...(name !== undefined && { name }), verdict: 'failed', sentence: 'a\nb' });
    annotateFinding({ test: asking, result, summary }, '<svg/>');
    expect(asking.annotations).toEqual([{ type, description: 'failed: a b' }]);
    expect(result.annotations).toEqual(asking.annotations);
    expect(result.attachments).toEqual([
      {
        name: `load finding ${type.replace('.', ' ')}`, // what follows a dot would be an extension
        contentType: 'image/svg+xml',
        body: Buffer.from('<svg/>'),
      },
    ]);
  });
}

test('without a chart there is no picture, and one list of annotations gets it once', () => {
  const asking = sampleTest();
  const result = sampleResult({ annotations: asking.annotations });
  annotateFinding({ test: asking, result, summary: sampleFindingSummary() }, undefined);
  expect(result.attachments).toEqual([]);
  expect(result.annotations).toHaveLength(1);
});

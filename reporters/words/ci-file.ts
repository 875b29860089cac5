/** Names of the files for CI systems, which pick them up after a run that was killed too. */
export const ciFile = { summary: 'summary.md', metrics: 'metrics.txt', codeQuality: 'codequality.json' } as const;

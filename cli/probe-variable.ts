/** Says to `probe-config.ts` which configuration it looks at. */
export const probeVariable = 'PLAYLOAD_PROBE';

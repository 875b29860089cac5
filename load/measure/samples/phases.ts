/** Phases of each kind of sample that took place on the wire, in the order in which they happen. Before them comes the wait for a start. */
const phases = { http: ['dns', 'connect', 'tls', 'waiting', 'receiving'], measured: ['running'] } as const;

/** Phases of one kind of sample: `dns`, `connect`, `tls`, `waiting` and `receiving` of `http`, `running` of `measured`. */
export type PhasesOf<Kind extends keyof typeof phases> = (typeof phases)[Kind][number];
/** A part of a request's way; `running` is that of a measured call. */
export type PhaseName = PhasesOf<keyof typeof phases>;

/** Of all kinds. */
export const phaseNames: readonly PhaseName[] = Object.values(phases).flat();

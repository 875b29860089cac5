/**
 * How a worker knows that a load reporter listens: the reporter leaves its process id in the environment, and the worker
 * is a child of that very process. Inherited from further up, the id is another's.
 */
export const listeningVariable = 'PLAYLOAD_REPORTER_PID';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the process that started this one has a load reporter. */
export function reporterListens(env: Environment, parentPid: number): boolean {
  return env[listeningVariable] === String(parentPid);
}

/** Where a command ran and by whom, as its summary tells. */

/** Which process was to finish the results, and why they are not finished. */
export interface Unfinished {
  /** In words. */
  readonly reason: string;
  /** Its command line. */
  readonly command: string;
  /** The machine's name. */
  readonly host: string;
  /** Its process id there. */
  readonly pid: number;
  /** When that process began, in the words of its system: another process may get its number. */
  readonly processStart?: string;
}

/** The machine that wrote the results, which after a merge need not be one that sent the load. */
export interface Environment {
  /** Version of Node, `v22.20.0`. */
  readonly node: string;
  /** Kind, release and architecture of the system. */
  readonly os: string;
  /** Model of the CPU. */
  readonly cpu: string;
  /** How many cores it has. */
  readonly cores: number;
  /** Of the specs' repository; absent where it is not known, as are the next three. */
  readonly commit?: string;
  /** Its branch. */
  readonly branch?: string;
  /** First line of the commit's message. */
  readonly subject?: string;
  /** Name of who wrote the commit. */
  readonly author?: string;
  /** Absent where no CI system is known to run it. */
  readonly ci?: CiSystem;
  /** The machine's name. */
  readonly host?: string;
}

/** The CI system that ran the tests. */
export interface CiSystem {
  /** `GitHub Actions`. */
  readonly name: string;
  /** Address of the job or its run; absent where the system does not tell. */
  readonly url?: string;
  /** Name of the job. */
  readonly job?: string;
}

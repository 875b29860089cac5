/** Which part of `playload local` a Playwright process is: said in one variable, read by the derived configuration. */

export type Part = {
  /** The user's configuration. */
  readonly config: string;
  /** Of this command alone, gone when it ends. */
  readonly folder: string;
  /** The process that started it. */
  readonly parent: number;
} & ({ readonly role: 'servers' } | { readonly role: 'shard'; readonly shard: number });

export const partVariable = 'PLAYLOAD_LOCAL';

/** Where a shard leaves its report for the merge. */
export const blobsIn = (folder: string): string => `${folder}/blobs`;

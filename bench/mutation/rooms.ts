/** The rooms whose tests are put to the proof, and the share of their mutants that tests have to kill. */
export const mutatedRooms = ['reporters/collect', 'load/verdict', 'load/measure'];

/** Share of a room's mutants. */
export const leastKilled = 0.9;

/** Folders whose unit tests may kill them. */
export const testedFolders = ['load', 'reporters'];

/** Unit tests that cannot run as scripts, and why: a room is not the worse for what they alone would notice. */
export const leftOut: Readonly<Record<string, string>> = {
  'load/measure/mask-growth.test.ts': 'it measures time, of which code that can be changed takes more',
  'reporters/html/build-page.test.ts': 'it reaches a module that ends in an `await` of its own',
  'load/run/feeder.test.ts': 'it asks for its own place in a stack',
  'load/run/forgotten-requests.test.ts': 'it asks for its own line in a stack',
};

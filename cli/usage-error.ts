/** A command line that says nothing that can be done: its message is all there is to say, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

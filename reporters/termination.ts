/**
 * SIGTERM, which is how containers and CI systems end a run, treated as Ctrl-C is: Playwright itself dies of it at once,
 * with no report. A second one ends the process as it always did.
 */

/** What takes the handler away again. */
export function treatTerminationAsInterrupt(runner: NodeJS.Process = process): () => void {
  const remove = () => {
    runner.off('SIGTERM', onTermination);
  };
  function onTermination(): void {
    remove();
    if (!runner.emit('SIGINT')) runner.kill(runner.pid, 'SIGTERM'); // nobody stops tests at the moment
  }
  runner.on('SIGTERM', onTermination);
  return remove;
}

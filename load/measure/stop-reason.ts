/** Why a run ended before its profile did, in the words that reports show; `abortOn` has words of its own. */
export const stopReasons = {
  interrupted: 'interrupted',
  overdue: 'iterations were still under way at the end of the graceful stop',
  tooLong: 'its longest duration (`maxDuration`) was over',
  dry: 'the feeder ran dry',
} as const;

/** What ended a load before its profile did, if anything; the end of the graceful stop leaves what was sent as it was. */
export function earlyStopOf(segments: readonly { readonly stopped?: string }[]): string | undefined {
  return segments.flatMap(({ stopped }) => stopped ?? []).find((why) => why !== stopReasons.overdue);
}

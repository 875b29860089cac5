/** Why a run ended before its profile did, in the words that reports show; `abortOn` has words of its own. */
export const stopReasons = {
  interrupted: 'interrupted',
  overdue: 'iterations were still under way at the end of the graceful stop',
  tooLong: 'its longest duration (`maxDuration`) was over',
  dry: 'the feeder ran dry',
} as const;

/** Whether a run held one state, as its summary tells it. */
export interface Steadiness {
  /**
   * `steady`; `warming-up`: its beginning was at another level than the rest, so the warm-up was too short; `unsteady`: it
   * held none; `unjudged`: too short to tell. It changes no verdict of the run.
   */
  readonly verdict: 'steady' | 'warming-up' | 'unsteady' | 'unjudged';
  /** One sentence for people. */
  readonly reason: string;
  /** What does not add up by Little's law; absent where it does. */
  readonly accounting?: string;
}

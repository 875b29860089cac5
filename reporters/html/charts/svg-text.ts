/** The words of a static picture; apart from its drawing, so that whoever asks for one needs no ECharts. */
export interface SvgText {
  /** `✓ passed`, and its colour. */
  readonly verdict: string;
  readonly color: string;
  readonly reason: string;
  /** `p95 12.3 ms` and the like. */
  readonly figures: readonly string[];
}

/** A call that was looked at while it is under way: whose it is, and where it was called. */
import type { CallSite, MeasuredIteration } from '../measure/recorder.ts';

export class SeenCall {
  readonly iteration: MeasuredIteration;
  readonly site: CallSite;

  constructor(iteration: MeasuredIteration, site: CallSite) {
    this.iteration = iteration;
    this.site = site;
    (iteration.callSites ??= new Set()).add(site);
  }

  end(): MeasuredIteration {
    this.iteration.callSites?.delete(this.site);
    return this.iteration;
  }
}

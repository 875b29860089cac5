/** What `load` was called with, before it is looked at closely. */
import { OptionsError } from '../options-error.ts';
import { Profile } from '../profile/profile.ts';

/** Throws an `OptionsError` that says what each place takes. */
export function refuseOtherArguments(profile: unknown, scenario: unknown, options: unknown): void {
  if (!(profile instanceof Profile))
    throw new OptionsError([
      'the first argument of `load` is a profile, such as `users(10).for("30s")` or `arrivals("500/s").for("1m")`',
    ]);
  if (typeof scenario !== 'function')
    throw new OptionsError([
      'the second argument of `load` is the scenario, such as `({ request }) => request.get("/health")`',
    ]);
  if (typeof options !== 'object' || options === null)
    throw new OptionsError(['the third argument of `load` is an object of options, such as `{ warmUp: "2s" }`']);
}

/** Versions against ranges as package.json has them. */
import semver from 'semver';

/** A version to come counts as one of its line: `1.66.0-alpha` is in `>=1.57.0 <2`. */
export function satisfies(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}

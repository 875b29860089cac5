/** The agent's own version, told by every health answer. */
import manifest from './package.json' with { type: 'json' };

export const version = manifest.version;

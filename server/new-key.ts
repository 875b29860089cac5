/** Makes a key for the agent: `node server/run.mjs new-key --name ci --scopes read,operate`. The text is shown this once. */
import { parseArgs } from 'node:util';
import { isKeyName, makeApiKey, scopes, type Scope } from './domain/api-keys.ts';

const usage = `usage: new-key.ts --name <1 to 64 letters, digits, "_", ".", "@", "-", not "anonymous"> --scopes <${scopes.join(',')}>\n`;

function readOptions(args: string[]): { name: string; granted: Scope[] } | undefined {
  try {
    const { values } = parseArgs({ args, options: { name: { type: 'string' }, scopes: { type: 'string' } } });
    const words = (values.scopes ?? '').split(',');
    const granted = scopes.filter((scope) => words.includes(scope));
    const name = values.name ?? '';
    return isKeyName(name) && granted.length === words.length ? { name, granted } : undefined;
  } catch {
    return undefined; // an unknown option: the usage says which there are
  }
}

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const { text, entry } = makeApiKey(options.name, options.granted);
  process.stdout.write(`key for the client:  ${text}\nentry for API_KEYS:  ${entry}\n`);
}

/**
 * What the public surface is, in two readings. docs/api/*.api.md is all of it as API Extractor reads it off the
 * declarations that users get, so that each change is seen in a diff. docs/reference.md is the same for people, out of the
 * docstrings; a name or a public member without one is an error. `npm run api` writes both; with `--check` it writes
 * nothing and fails when the files say something else.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { ofOneLoad } from './load/run/load-options.ts';
import { referencePage } from './site/reference/page.ts';
import { emitDeclarations, entries, surfaceOf } from './site/reference/surface.ts';
import { undocumented } from './site/reference/undocumented.ts';

const root = import.meta.dirname;
const cache = join(root, '.cache/api-report');
const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, folder: { type: 'string', default: 'docs' } },
});
const isCheck = options.check;
const folder = resolve(root, options.folder);

/** `playload/analysis` → `playload-analysis`. */
const reports = Object.entries(entries).map(([name, entry]) => ({ entry, report: name.replace('/', '-') }));

/** As an entry's user compiles. */
const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
};

const declarationsOf = (entry) => join(cache, 'types', entry.replace(/\.ts$/, '.d.ts'));

function configOf({ entry, report }) {
  const mainEntryPointFilePath = declarationsOf(entry);
  const silent = { default: { logLevel: 'none' } };
  return ExtractorConfig.prepare({
    configObjectFullPath: join(root, 'api-extractor.json'), // only paths are resolved against it
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath,
      compiler: { overrideTsconfig: { compilerOptions, files: [mainEntryPointFilePath] } },
      apiReport: {
        enabled: true,
        reportFolder: join(folder, 'api'),
        reportTempFolder: join(cache, 'reports'),
        reportFileName: report,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  });
}

/** Compiler's errors are told; that a report differs is told below, in our own words. */
function quietUnlessError(message) {
  if (message.logLevel !== 'error') message.handled = true;
}

function complain(words) {
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
}

function extractReports(surface) {
  mkdirSync(join(folder, 'api'), { recursive: true });
  emitDeclarations(surface, join(cache, 'types'));
  const configs = reports.map(configOf);
  // One program for all entries: reading the declarations takes longer than all the rest.
  const additionalEntryPoints = reports.map(({ entry }) => declarationsOf(entry));
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints });
  reports.forEach(({ entry, report }, at) => {
    const result = Extractor.invoke(configs[at], {
      localBuild: !isCheck,
      messageCallback: quietUnlessError,
      compilerState,
    });
    const file = `docs/api/${report}.api.md`;
    if (result.errorCount > 0) process.exitCode = 1;
    if (!result.apiReportChanged) return;
    if (!isCheck) process.stdout.write(`wrote ${file}\n`);
    else
      complain(
        `${file} is not the public surface of ${entry} any more: run \`npm run api\`, look at the diff, and commit it`,
      );
  });
}

async function writeReference(surface) {
  for (const name of undocumented(surface))
    complain(`\`${name}\` is public and has no docstring: say what it is, its shape and its unit`);
  const { text, problems } = await referencePage(surface, Object.keys(ofOneLoad));
  problems.forEach(complain);
  const file = join(folder, 'reference.md');
  writeFileSync(join(cache, 'reference.md'), text);
  if (textOf(file) === text) return;
  if (isCheck) {
    complain(
      'docs/reference.md is not what the docstrings say any more: run `npm run api`, look at the diff, and commit it',
    );
    return;
  }
  writeFileSync(file, text);
  process.stdout.write('wrote docs/reference.md\n');
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // not written yet
  }
}

const surface = surfaceOf(root);
extractReports(surface);
await writeReference(surface);

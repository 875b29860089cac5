/**
 * The public surface of all entries, as API Extractor reads it off the declarations that users get: what is exported,
 * and whatever that leads to. `npm run api` writes it to docs/api, where each change of it is seen in a diff; with
 * `--check` it writes nothing and fails when the files there say something else.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = import.meta.dirname;
const cache = join(root, '.cache/api-report');
const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, folder: { type: 'string', default: 'docs/api' } },
});
const isCheck = options.check;
const reportFolder = resolve(root, options.folder);

const entries = [
  { entry: 'load/index.ts', report: 'playload' },
  { entry: 'load/analysis/index.ts', report: 'playload-analysis' },
  { entry: 'reporters/load-reporter.ts', report: 'playload-reporter' },
];

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

function configOf({ entry, report }) {
  const mainEntryPointFilePath = join(cache, 'types', entry.replace(/\.ts$/, '.d.ts'));
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
        reportFolder,
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

mkdirSync(reportFolder, { recursive: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const emit = ['-p', 'tsconfig.build.json', '--noCheck', '--emitDeclarationOnly', '--outDir', join(cache, 'types')];
execFileSync(process.execPath, [tsc, ...emit], { cwd: root, stdio: 'inherit' });

for (const { entry, report } of entries) {
  const result = Extractor.invoke(configOf({ entry, report }), {
    localBuild: !isCheck,
    messageCallback: quietUnlessError,
  });
  const file = `docs/api/${report}.api.md`;
  if (result.errorCount > 0) process.exitCode = 1;
  if (result.apiReportChanged && isCheck) {
    process.stderr.write(
      `${file} is not the public surface of ${entry} any more: run \`npm run api\`, look at the diff, and commit it\n`,
    );
    process.exitCode = 1;
  } else if (result.apiReportChanged) process.stdout.write(`wrote ${file}\n`);
}

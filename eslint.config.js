/**
 * Typed lint, and the walls between the rooms: which folder may import which. `DESIGN` in docs/design.md draws them.
 */
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Files in `from` may not import what matches `into`. */
const wall = (from, into, why) => ({
  files: from,
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: into, message: why }] }],
  },
});

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      'test-results/',
      'playwright-report/',
      'blob-report/',
      'load-results/',
      '**/*.js',
      '**/*.mjs',
    ],
  },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }], // Playwright's matchers are typed in a global namespace
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off', // an async handler without an await is how a callback keeps one shape
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      'no-empty-pattern': 'off', // Playwright reads a fixture's first parameter from its source
    },
  },
  wall(
    ['load/profile/**', 'load/measure/**'],
    '^\\.\\./(run|request|verdict|analysis|resources|fixtures)',
    'the lower rooms of load/ know nothing above them',
  ),
  wall(
    ['load/request/**'],
    '^\\.\\./(run|profile|verdict|analysis|resources|fixtures)',
    'a request context knows only how its requests are measured',
  ),
  wall(
    ['load/verdict/**', 'load/analysis/**'],
    '^\\.\\./(run|request|resources|fixtures)',
    'judging and statistics work on data alone',
  ),
  wall(['load/**'], '^(\\.\\./)+(reporters|server|specs)/', 'load/ imports nothing else of ours'),
  wall(
    ['reporters/**'],
    '(/load/(run|request|profile|fixtures|resources|index)|^(\\.\\./)+(server|specs)/)',
    'reporters read data only: load/measure, load/verdict, load/analysis',
  ),
  wall(['server/**'], '^(\\.\\./)+(load|reporters|specs|bench)/', 'server and load never meet'),
  wall(
    ['specs/**'],
    '^(\\.\\./)+(load/(?!index\\.ts)|reporters/|server/)',
    'specs import load/index.ts alone and reach the server by HTTP',
  ),
  prettier,
);

/** Typed lint. Which folder may import which is in walls.mjs. */
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      '.cache/',
      'examples/journey.spec.ts', // written by `playload from`, byte for byte
      '**/test-results/',
      '**/playwright-report/',
      'blob-report/',
      '**/load-results/',
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
  {
    // Projects of their own, linted with the sources in place of the package.
    files: ['examples/*/**/*.ts', 'examples/*/**/*.tsx'],
    languageOptions: { parserOptions: { projectService: false, project: 'examples/tsconfig.projects.json' } },
    rules: { 'no-console': 'off' },
  },
  prettier,
);

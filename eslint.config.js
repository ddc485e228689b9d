import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which kind of project may import which; `type:*` is the tag in each package.json. */
const boundaries = [
  {
    sourceTag: 'type:pure',
    onlyDependOnLibsWithTags: ['type:pure', 'type:testing'],
    // Nx appends this rule's subject itself; the reason: pure algorithms are proved without I/O.
  },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:pure', 'type:kit', 'type:testing', 'type:tool'] },
  { sourceTag: 'type:defaults', onlyDependOnLibsWithTags: ['type:pure', 'type:kit', 'type:testing'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:pure', 'type:kit', 'type:defaults', 'type:testing', 'type:tool'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:pure', 'type:kit', 'type:tool', 'type:testing'] },
  {
    sourceTag: 'type:system-tests',
    onlyDependOnLibsWithTags: ['type:pure', 'type:kit', 'type:tool', 'type:testing'],
  },
];

const PURE = 'Pure libs take time and chance as arguments and do no I/O, so that properties can prove them';
const forbid = (names, message) => names.map((name) => ({ name, message }));

export default tseslint.config(
  {
    ignores: ['**/dist', '**/out-tsc', '**/coverage', '**/src/gen', '**/src/generated', '.nx', '.trellis'],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-redeclare': 'off', // a type and a constant of one name are one idea (Code)
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'tools/**/*.ts'],
    ignores: ['**/*.config.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: true, depConstraints: boundaries }],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@trellis/*/src/**', '@trellis/*/dist/**'],
              message: 'Import what the lib exports by name: its folders are its own',
            },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only config.ts reads the environment, so that every variable is checked before a port opens',
        },
      ],
    },
  },
  {
    files: ['**/config.ts', '**/*.config.ts', '**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['libs/{contracts,errors,transcoding,balancing,resilience}/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.bench.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...forbid(['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'process', 'console', 'performance'], PURE),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: PURE },
        { object: 'Math', property: 'random', message: PURE },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: PURE },
      ],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(node:|@nestjs/|@grpc/)', message: PURE }] }],
    },
  },
  {
    files: ['libs/**/*.ts', 'tools/**/*.ts', 'apps/gateway/src/data-plane/**/*.ts'],
    ignores: ['libs/service-defaults/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@nestjs/',
              message: 'Only apps and service-defaults know the framework; libs and the request path stay free of it',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
          message: 'Every test runs: a focused or skipped one hides the others or itself',
        },
      ],
    },
  },
);

import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which kind of project (`type:*` is the tag in its package.json) may import which, and why. */
const BOUNDARIES = {
  'type:pure': {
    may: ['type:pure', 'type:testing'],
    because: 'Pure algorithms know no I/O, so that properties and simulations can prove them.',
  },
  'type:kit': {
    may: ['type:pure', 'type:kit', 'type:testing', 'type:tool'],
    because: 'A kit serves every app: what it took from one, all would carry.',
  },
  'type:defaults': {
    may: ['type:pure', 'type:kit', 'type:testing', 'type:tool'],
    because: 'The defaults wire kits for every app and know no app.',
  },
  'type:app': {
    may: ['type:pure', 'type:kit', 'type:defaults', 'type:testing', 'type:tool'],
    because: 'Apps meet through contracts, never through code: each is deployed alone.',
  },
  'type:testing': { may: [], because: 'Every test uses it: it depends on nothing that is tested.' },
  'type:tool': {
    may: ['type:pure', 'type:kit', 'type:tool', 'type:testing'],
    because: 'Tools use the platform from outside, as its users do.',
  },
  'type:system-tests': {
    may: ['type:pure', 'type:kit', 'type:defaults', 'type:tool', 'type:testing'],
    because:
      'The stories see the platform from outside, as its users do; the service that they add is made as any other.',
  },
};

const depConstraints = Object.entries(BOUNDARIES).map(([sourceTag, { may }]) => ({
  sourceTag,
  onlyDependOnLibsWithTags: may,
}));

/** Nx's rule names the tags only; this one adds the reason. */
const nxBoundaries = nx.rules['enforce-module-boundaries'];
const moduleBoundaries = {
  ...nxBoundaries,
  meta: {
    ...nxBoundaries.meta,
    messages: Object.fromEntries(
      Object.entries(nxBoundaries.meta.messages).map(([id, message]) => [id, `${message}{{because}}`]),
    ),
  },
  create: (context) =>
    nxBoundaries.create(
      Object.create(context, {
        report: {
          value: ({ data, ...rest }) => {
            const because = BOUNDARIES[data?.sourceTag]?.because;
            context.report({ ...rest, data: { ...data, because: because ? ` ${because}` : '' } });
          },
        },
      }),
    ),
};

const OWN_FOLDERS = {
  group: ['@trellis/*/src/**', '@trellis/*/dist/**'],
  message: 'Import what the lib exports by name: its folders are its own',
};
const DEVELOPMENT = {
  regex: '^@trellis/(postgres|dev-kafka|dev-jaeger|launch|load|cli|demo|bench|testing)($|/)',
  message: 'Development tools stay out of what is deployed: only tests use them',
};
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
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'tools/**/*.ts'],
    ignores: ['**/*.config.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { trellis: { rules: { 'module-boundaries': moduleBoundaries } } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'trellis/module-boundaries': ['error', { enforceBuildableLibDependency: true, depConstraints }],
      'no-restricted-imports': ['error', { patterns: [OWN_FOLDERS] }],
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
    files: ['**/config.ts', '**/*.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts', 'apps/system-tests/**', 'libs/testing/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [OWN_FOLDERS, DEVELOPMENT] }] },
  },
  {
    files: ['libs/{contracts,errors,transcoding,openapi,balancing,resilience}/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts', '**/*.bench.ts'],
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
      'no-restricted-imports': [
        'error',
        { patterns: [OWN_FOLDERS, DEVELOPMENT, { regex: '^(node:|@nestjs/|@grpc/)', message: PURE }] },
      ],
    },
  },
  {
    files: ['libs/**/*.ts', 'tools/**/*.ts', 'apps/gateway/src/data-plane/**/*.ts'],
    ignores: ['libs/service-defaults/**', 'tools/bench/src/gateway/rivals/**'],
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

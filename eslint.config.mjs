import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Nothing but `src/ui` and the composition root knows VS Code. */
const vscode = { name: 'vscode', message: 'Only src/ui and src/extension.ts know VS Code.' };
const sdk = { group: ['@aws-sdk/*', '@smithy/*'], message: 'Only src/s3 knows the SDK.' };
const node = {
  regex: '^node:(?!crypto$|util$)',
  message: 'This layer does no I/O: it uses no node module but crypto and util.',
};

/** One layer: the folders of src that it must not import, and what else it must not import. */
function layer(folder, forbiddenFolders, paths, patterns) {
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths,
          patterns: [
            ...patterns,
            ...forbiddenFolders.map((name) => ({
              group: [`**/${name}/**`],
              message: `src/${folder} must not import src/${name} (docs/architecture.md).`,
            })),
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Mocha's describe/it return promises only when asked to.
      '@typescript-eslint/no-floating-promises': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        setTimeout: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  { files: ['scripts/**', 'test/**'], rules: { 'no-console': 'off' } },
  layer('core', ['s3', 'gpg', 'transfer', 'keys', 'ui'], [vscode], [sdk, node]),
  layer('s3', ['gpg', 'transfer', 'keys', 'ui'], [vscode], []),
  layer('gpg', ['s3', 'transfer', 'keys', 'ui'], [vscode], [sdk]),
  layer('keys', ['s3', 'gpg', 'transfer', 'ui'], [vscode], [sdk, node]),
  layer('transfer', ['s3', 'gpg', 'keys', 'ui'], [vscode], [sdk]),
  layer('ui', ['gpg'], [], [sdk]),
);

// Bundles the extension: dist/extension.cjs (no SDK in it) and dist/s3.cjs (the store with the SDK,
// loaded on first use), dist/gpg.cjs (OpenPGP.js, likewise). --watch rebuilds on change; --tests also bundles what runs in VS Code's host.
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { context } from 'esbuild';

const watch = process.argv.includes('--watch');
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  logLevel: 'warning',
  sourcemap: watch ? 'inline' : false,
  // The SDK's credential providers carry code for browsers and for other module systems.
  mainFields: ['module', 'main'],
  // Its module for import asks for its own URL, which a bundle for require does not have.
  alias: { openpgp: createRequire(import.meta.url).resolve('openpgp') },
};

/** The product: two bundles, minified. */
const product = {
  ...shared,
  entryPoints: {
    extension: 'src/extension.ts',
    s3: 'src/s3/s3Store.ts',
    gpg: 'src/gpg/gpgCipher.ts',
  },
  outdir: 'dist',
  minify: !watch,
  metafile: true,
  // They are loaded at run time, from beside the extension's bundle.
  external: ['vscode', './s3.cjs', './gpg.cjs'],
};

/** The suites inside the extension host: one bundle a file, found by the index beside them. */
const tests = {
  ...shared,
  entryPoints: readdirSync('test/integration')
    .filter((name) => name === 'index.ts' || name.endsWith('.test.ts'))
    .map((name) => `test/integration/${name}`),
  outdir: 'out/test/integration',
  external: ['vscode', 'mocha', '@aws-sdk/*'],
};

if (!watch) rmSync('dist', { recursive: true, force: true });
const contexts = [await context(product)];
if (process.argv.includes('--tests')) {
  rmSync('out/test/integration', { recursive: true, force: true });
  contexts.push(await context(tests));
}
for (const each of contexts) {
  if (watch) await each.watch();
  else {
    await each.rebuild();
    await each.dispose();
  }
}

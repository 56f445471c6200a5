import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import JSZip from 'jszip';

/** Ceilings in bytes: raise one only on purpose, and say in the commit what it bought. */
const ceilings = { 'dist/extension.cjs': 500_000, 'dist/s3.cjs': 600_000, 'dist/gpg.cjs': 420_000 };

describe('the package', function () {
  this.timeout(180_000);
  const vsix = 'out/ssec-explorer.vsix';
  let output = '';
  let names: string[] = [];

  before(async () => {
    output = execFileSync('npm', ['run', 'package'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const zip = await JSZip.loadAsync(readFileSync(vsix));
    names = Object.values(zip.files)
      .filter((file) => !file.dir)
      .map((file) => file.name)
      .sort();
  });

  it('is made without a warning', () => {
    assert.doesNotMatch(output, /warning/i);
  });

  it('holds what runs, what is read, and nothing else', () => {
    const expected =
      /^(\[Content_Types\]\.xml|extension\.vsixmanifest|extension\/(package\.json|package\.nls\.json|readme\.md|changelog\.md|LICENSE\.txt|dist\/(extension|s3|gpg)\.cjs|media\/(icon\.png|activity\.svg|walkthrough\/[a-zA-Z]+\.(md|png|svg))))$/;
    assert.deepEqual(
      names.filter((name) => !expected.test(name)),
      [],
    );
    for (const name of [
      'package.json',
      'package.nls.json',
      'readme.md',
      'changelog.md',
      'LICENSE.txt',
      'dist/extension.cjs',
      'dist/s3.cjs',
      'dist/gpg.cjs',
      'media/icon.png',
    ]) {
      assert.ok(names.includes(`extension/${name}`), `${name} is missing from the package`);
    }
  });

  for (const [bundle, ceiling] of Object.entries(ceilings)) {
    it(`keeps ${bundle} under ${ceiling} bytes`, () => {
      const { size } = statSync(bundle);
      assert.ok(size < ceiling, `${bundle} has ${size} bytes`);
    });
  }

  it('keeps the SDK out of the bundle that VS Code loads', () => {
    const sdk = /aws-sdk|smithy|S3Client/;
    assert.doesNotMatch(readFileSync('dist/extension.cjs', 'utf8'), sdk);
    assert.match(readFileSync('dist/s3.cjs', 'utf8'), sdk);
  });

  it('keeps OpenPGP.js in a bundle of its own', () => {
    for (const bundle of ['dist/extension.cjs', 'dist/s3.cjs']) {
      assert.doesNotMatch(readFileSync(bundle, 'utf8'), /BEGIN PGP/, bundle);
    }
    assert.match(readFileSync('dist/gpg.cjs', 'utf8'), /BEGIN PGP/);
  });
});

import assert from 'node:assert/strict';
import {
  absoluteFolder,
  FolderProblem,
  type FolderWords,
  writtenFolder,
} from '../../../../src/ui/sync/localFolder.ts';

const words: FolderWords = {
  home: '/home/me',
  workspaceFolders: [
    { name: 'app', path: '/work/app' },
    { name: 'lib', path: '/work/lib' },
    { name: 'far' },
  ],
};

describe('absoluteFolder', () => {
  it('knows the words', () => {
    const folders = {
      '${workspaceFolder}': '/work/app',
      '${workspaceFolder}/a/b/': '/work/app/a/b',
      '${workspaceFolder:lib}/x': '/work/lib/x',
      '~': '/home/me',
      '~/photos': '/home/me/photos',
      '/srv/data/': '/srv/data',
      './a': '/work/app/a',
      a: '/work/app/a',
      '/': '/',
      '~me': '/work/app/~me',
    };
    for (const [written, path] of Object.entries(folders)) {
      assert.equal(absoluteFolder(written, words), path, written);
    }
  });

  it('says what stands for nothing', () => {
    for (const written of [
      '${workspaceFolder:far}/x',
      '${workspaceFolder:nope}',
      '${env:HOME}/x',
    ]) {
      assert.throws(() => absoluteFolder(written, words), FolderProblem, written);
    }
    const none = { home: '/home/me', workspaceFolders: [] };
    assert.throws(() => absoluteFolder('${workspaceFolder}', none), /No folder is open/);
    assert.throws(() => absoluteFolder('a', none), /No folder is open/);
    assert.equal(absoluteFolder('/a', none), '/a');
  });

  it('is read back from what is written for it', () => {
    const written = {
      '/work/app': '${workspaceFolder}',
      '/work/app/a/b': '${workspaceFolder}/a/b',
      '/work/lib/a': '${workspaceFolder:lib}/a',
      '/work/application': '/work/application',
    };
    for (const [path, text] of Object.entries(written)) {
      assert.equal(writtenFolder(path, words), text);
      assert.equal(absoluteFolder(text, words), path);
    }
  });
});

import assert from 'node:assert/strict';
import { FolderJournal, transferId } from '../../../src/transfer/transferJournal.ts';
import { withFolder } from '../support/folders.ts';

const address = { connection: 'c', bucket: 'b', key: 'k' };

describe('FolderJournal', () => {
  const folder = withFolder();

  it('keeps a record until it is removed', async () => {
    const journal = new FolderJournal(folder.path('journal'));
    assert.deepEqual(await journal.ids(), []);
    assert.equal(await journal.read('upload-1'), undefined);
    await journal.remove('upload-1');
    await journal.write('upload-1', { a: 1 });
    await journal.write('upload-1', { a: 2 });
    assert.deepEqual(await new FolderJournal(folder.path('journal')).read('upload-1'), { a: 2 });
    assert.deepEqual(await journal.ids(), ['upload-1']);
    await journal.remove('upload-1');
    assert.deepEqual(await journal.ids(), []);
  });

  it('takes what is not whole for nothing', async () => {
    const journal = new FolderJournal(folder.path('.'));
    await folder.write('broken.json', Buffer.from('{"a":'));
    assert.equal(await journal.read('broken'), undefined);
  });
});

describe('transferId', () => {
  it('tells transfers apart and finds the same one again', () => {
    const ids = [
      transferId('upload', address, '/f'),
      transferId('download', address, '/f'),
      transferId('upload', { ...address, key: 'l' }, '/f'),
      transferId('upload', { ...address, connection: 'd' }, '/f'),
      transferId('upload', address, '/g'),
    ];
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(transferId('upload', { ...address }, '/f'), ids[0]);
    for (const id of ids) assert.match(id, /^(up|down)load-[0-9a-f]{32}$/);
  });
});

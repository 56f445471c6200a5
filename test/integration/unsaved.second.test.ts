import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { until } from './support/editors.ts';
import { OtherClient } from './support/otherClient.ts';
import { type KeptSite, keptSite } from './support/unsaved.ts';

const [server] = serversFromEnvironment();

describe('unsaved changes after a restart', () => {
  let kept: KeptSite;
  let other: OtherClient;
  const dialogs = useDialogs();

  before(() => {
    assert.ok(server);
    kept = keptSite();
    other = new OtherClient(server);
  });

  async function restored(name: string): Promise<vscode.TextDocument> {
    const { connection, bucket } = kept;
    const path = `/${bucket}/${name}`;
    const uri = vscode.Uri.from({ scheme: 'ssec', authority: connection, path });
    await vscode.window.showTextDocument(uri, { preview: false });
    return await until(() =>
      vscode.workspace.textDocuments.find(
        (document) => document.isDirty && document.uri.toString() === uri.toString(),
      ),
    );
  }

  it('are saved, with the same key and metadata', async () => {
    const document = await restored('unchanged.txt');
    assert.equal(document.getText(), 'mine!!');
    assert.equal(await document.save(), true);
    const { bucket, customerKey } = kept;
    assert.equal(await other.text(bucket, 'unchanged.txt', customerKey), 'mine!!');
    assert.notEqual(await other.status(bucket, 'unchanged.txt'), 200);
    const { Metadata } = await other.head(bucket, 'unchanged.txt', customerKey);
    assert.deepEqual(Metadata, { owner: 'me' });
    assert.deepEqual(dialogs.shown, []);
  });

  it('do not overwrite what somebody else wrote meanwhile, in the same length', async () => {
    const { bucket, customerKey } = kept;
    await other.put(bucket, 'changed.txt', 'theirs', customerKey);
    const document = await restored('changed.txt');
    assert.equal(document.getText(), 'mine!!');
    assert.equal(await document.save(), false);
    assert.match(dialogs.modals()[0]?.message ?? '', /“changed.txt” was changed on the server/);
    assert.equal(await other.text(bucket, 'changed.txt', customerKey), 'theirs');
    dialogs.answer('Overwrite');
    assert.equal(await document.save(), true);
    assert.equal(await other.text(bucket, 'changed.txt', customerKey), 'mine!!');
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { useDialogs } from './support/dialogs.ts';
import { type KeptSecrets, keptFile } from './support/keptSecrets.ts';

describe('secrets after a restart', () => {
  let kept: KeptSecrets;
  const dialogs = useDialogs();

  before(() => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const text = readFileSync(join(folder?.uri.fsPath ?? '', keptFile), 'utf8');
    // Written by secrets.first.test.ts, a moment ago.
    kept = JSON.parse(text) as KeptSecrets;
  });

  it('open the connection and the objects, and nothing is asked', async () => {
    for (const scope of ['user', 'workspace']) {
      const uri = vscode.Uri.from({
        scheme: 'ssec',
        authority: kept.connection,
        path: `/${kept.bucket}/${scope}.txt`,
      });
      const bytes = await vscode.workspace.fs.readFile(uri);
      assert.equal(Buffer.from(bytes).toString(), `with the key of the ${scope}`);
    }
    assert.deepEqual(dialogs.shown, []);
    assert.deepEqual(dialogs.lists, []);
  });

  it('are listed, none of them missing', async () => {
    const records = await vscode.commands.executeCommand<
      readonly { readonly fingerprint: string; readonly missing: boolean }[]
    >('ssec.listCustomerKeys', { show: false });
    for (const fingerprint of kept.fingerprints) {
      assert.equal(records.find((record) => record.fingerprint === fingerprint)?.missing, false);
    }
  });
});

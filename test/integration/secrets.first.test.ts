import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { type KeptSecrets, keptFile } from './support/keptSecrets.ts';
import { addConnection, addCustomerKey } from './support/site.ts';
import { OtherClient } from './support/otherClient.ts';

// What it leaves is looked for by secrets.second.test.ts, in the next start of VS Code.
const [server] = serversFromEnvironment();

describe('secrets before a restart', () => {
  it('are stored for the user and for the workspace', async () => {
    assert.ok(server);
    // Both legs use the same server.
    const bucket = `kept-secrets-${process.env['SSEC_TEST_LEG'] ?? ''}`;
    const kept: KeptSecrets = { connection: 'kept', bucket, fingerprints: [] };
    await addConnection(server, kept.connection, { target: 'workspace' });
    const other = new OtherClient(server);
    await other.createBucket(kept.bucket);
    const host = new URL(server.proxy.endpoint).host;
    for (const scope of ['user', 'workspace']) {
      const key = CustomerKey.generate();
      await addCustomerKey(key, `of the ${scope}`, [host], scope);
      await other.put(kept.bucket, `${scope}.txt`, `with the key of the ${scope}`, key);
      kept.fingerprints.push(key.fingerprint);
    }
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    writeFileSync(join(folder?.uri.fsPath ?? '', keptFile), JSON.stringify(kept));
    // What belongs to it beside the secrets is written later than the secrets are.
    await new Promise((resolve) => setTimeout(resolve, 2000));
  });
});

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { addConnection, prepareSite } from './support/site.ts';
import { largeBytes, workspacePath } from './support/largeBytes.ts';
import { keepSite } from './support/unsaved.ts';
import { waitFor } from './support/waitFor.ts';

// What it leaves is looked for by transfers.second.test.ts, in the next start of VS Code.
const [server] = serversFromEnvironment();

describe('transfers before a restart', function () {
  this.timeout(120_000);

  it('are on their way', async () => {
    assert.ok(server);
    const site = await prepareSite(server);
    const { connection, bucket, customerKey, proxy } = site;
    // The settings of the workspace outlive the restart, those of the user are the launcher's.
    await addConnection(server, connection, { target: 'workspace' });
    await vscode.workspace
      .getConfiguration()
      .update(
        ...(['ssec.defaultCustomerKey', customerKey.fingerprint] as const),
        vscode.ConfigurationTarget.Workspace,
      );
    await mkdir(workspacePath('up'));
    await writeFile(join(workspacePath('up'), 'large.bin'), largeBytes);
    await writeFile(join(workspacePath('up'), 'small.txt'), 'small');
    await site.other.put(bucket, 'from/large.bin', largeBytes, customerKey);
    keepSite(site, 'transfers');
    await proxy.clear();
    const fault = { kind: 'delay', milliseconds: 600_000 } as const;
    await proxy.addFault({ match: { method: 'PUT', pathRegex: 'partNumber=3' }, fault });
    // Who waits for too long asks again.
    for (const nth of [2, 3, 4, 5, 6, 7, 8, 9]) {
      await proxy.addFault({ match: { method: 'GET', pathRegex: '/from/large', nth }, fault });
    }
    const place = { connection, bucket };
    void vscode.commands.executeCommand('ssec.put', {
      ...{ ...place, prefix: 'to/', files: [workspacePath('up')] },
    });
    void vscode.commands.executeCommand('ssec.get', {
      ...{ ...place, key: 'from/large.bin', folder: workspacePath('down') },
    });
    await waitFor(async () => {
      const requests = await proxy.requests();
      const arrived = requests.filter(
        ({ path, status }) => /partNumber=[12]/.test(path) && status === 200,
      );
      const got = requests.filter(
        ({ path, fault: hit }) => path.includes('from/large') && hit !== undefined,
      );
      return arrived.length === 2 && got.length > 0 ? true : undefined;
    });
    // What is done is noted with some delay.
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
});

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { connectProxy } from '../servers/proxyClient.ts';
import { largeBytes, workspacePath } from './support/largeBytes.ts';
import { OtherClient } from './support/otherClient.ts';
import { keptSite } from './support/unsaved.ts';
import { waitFor } from './support/waitFor.ts';

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
}

const [server] = serversFromEnvironment();

describe('transfers after a restart', function () {
  this.timeout(120_000);

  it('are gone on with, and bring across only what is missing', async () => {
    assert.ok(server);
    const { bucket, customerKey } = keptSite('transfers');
    const other = new OtherClient(server);
    const proxy = connectProxy(server.proxy.control);
    await proxy.clearFaults();
    const list = (): Thenable<readonly Listed[]> =>
      vscode.commands.executeCommand('ssec.showTransfers', { show: false });
    const left = await waitFor(async () => {
      const transfers = await list();
      return transfers.length === 2 ? transfers : undefined;
    });
    assert.deepEqual(left.map(({ kind, state }) => `${kind} ${state}`).sort(), [
      'download interrupted',
      'upload interrupted',
    ]);
    assert.deepEqual(
      await readdir(workspacePath('down')).then((names) => names.includes('large.bin')),
      false,
    );
    await proxy.clear();
    for (const { id } of left) await vscode.commands.executeCommand('ssec.retryTransfer', { id });
    assert.deepEqual(
      (await list()).map(({ state }) => state),
      ['done', 'done'],
    );
    const parts = (await proxy.requests()).filter(({ path }) => path.includes('partNumber='));
    assert.deepEqual(
      parts.map(({ path }) => /partNumber=(\d+)/.exec(path)?.[1]),
      ['3'],
    );
    const puts = (await proxy.requests()).filter(({ path }) => path.includes('small.txt'));
    assert.deepEqual(puts, []);
    assert.ok(largeBytes.equals(await other.get(bucket, 'to/up/large.bin', customerKey)));
    assert.equal(await other.text(bucket, 'to/up/small.txt', customerKey), 'small');
    assert.deepEqual(await readdir(workspacePath('down')), ['large.bin']);
    const got = await readFile(join(workspacePath('down'), 'large.bin'));
    assert.ok(largeBytes.equals(got));
  });
});

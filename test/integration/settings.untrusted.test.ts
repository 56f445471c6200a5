import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { connectProxy } from '../servers/proxyClient.ts';
import { until } from './support/editors.ts';
import { addConnection } from './support/site.ts';

const [server] = serversFromEnvironment();

describe('in an untrusted workspace', () => {
  const name = `workspace-${randomUUID().slice(0, 8)}`;

  before(async () => {
    assert.ok(server);
    assert.equal(vscode.workspace.isTrusted, false);
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const { endpoint } = server.proxy;
    const { region, caFile } = server;
    const settings = {
      'ssec.connections': {
        [name]: { endpoint, region, caFile, credentials: { source: 'environment' } },
      },
      'ssec.defaultCustomerKey': 'of the workspace',
      'ssec.uploadRules': { '**': { storageClass: 'COLD' } },
      'ssec.sync': {
        mine: { local: '.', remote: 's3://bucket/', connection: name, direction: 'upload' },
      },
      'ssec.pageSize': 7,
    };
    const uri = vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(settings)));
    // A setting that is not restricted shows that the file was read.
    const wasRead = await until(() =>
      vscode.workspace.getConfiguration().get('ssec.pageSize') === 7 ? true : undefined,
    );
    assert.ok(wasRead);
  });

  it('the workspace’s settings about keys and connections are not there', () => {
    const configuration = vscode.workspace.getConfiguration();
    assert.equal(configuration.get('ssec.defaultCustomerKey'), '');
    assert.deepEqual(configuration.get('ssec.uploadRules'), {});
    assert.ok(!(name in (configuration.get<object>('ssec.connections') ?? {})));
  });

  it('the workspace’s connections are not used, and nothing is sent', async () => {
    assert.ok(server);
    const proxy = connectProxy(server.proxy.control);
    await proxy.clear();
    await assert.rejects(
      async () => await vscode.commands.executeCommand('ssec.testConnection', { name }),
      /There is no connection/,
    );
    const uri = vscode.Uri.from({ scheme: 'ssec', authority: name, path: '/bucket' });
    await assert.rejects(async () => await vscode.workspace.fs.readDirectory(uri));
    assert.deepEqual(await proxy.requests(), []);
  });

  it('the workspace’s pairs are not synced', async () => {
    await assert.rejects(
      async () => await vscode.commands.executeCommand('ssec.syncNow', { name: 'mine' }),
      /There is no pair "mine".*untrusted/,
    );
  });

  it('the user’s connections are used', async () => {
    assert.ok(server);
    const own = `user-${randomUUID().slice(0, 8)}`;
    await addConnection(server, own);
    await vscode.commands.executeCommand('ssec.testConnection', { name: own });
  });

  it('the workspace’s settings are not written', async () => {
    assert.ok(server);
    await assert.rejects(
      addConnection(server, `c-${randomUUID().slice(0, 8)}`, { target: 'workspace' }),
    );
  });
});

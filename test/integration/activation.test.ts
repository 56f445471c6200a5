import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { connectProxy } from '../servers/proxyClient.ts';
import { prepareSite, requestsOf, uriOf } from './support/site.ts';

// First of all files: the others load the SDK.
describe('activation', () => {
  const [server] = serversFromEnvironment();
  assert.ok(server);

  /** Whether the bundle with the SDK was loaded into the extension host. */
  function isSdkLoaded(): boolean {
    return Object.keys(require.cache).some((file) => /dist[\\/]s3\.cjs$/.test(file));
  }

  it('loads no SDK and sends nothing', async () => {
    const proxy = connectProxy(server.proxy.control);
    await proxy.clear();
    const extension = vscode.extensions.getExtension('ssec-explorer.ssec-explorer');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.equal(isSdkLoaded(), false);
    assert.deepEqual(await proxy.requests(), []);
  });

  it('registers every command of the manifest', async () => {
    const extension = vscode.extensions.getExtension('ssec-explorer.ssec-explorer');
    const manifest = extension?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('loads the SDK with the first store, and lists a prefix by one request', async () => {
    const site = await prepareSite(server);
    await site.other.put(site.bucket, 'first/a.txt', 'a');
    const requests = await requestsOf(site, () =>
      vscode.workspace.fs.readDirectory(uriOf(site, 'first')),
    );
    assert.deepEqual(requests, ['LIST first/']);
    assert.equal(isSdkLoaded(), true);
  });
});

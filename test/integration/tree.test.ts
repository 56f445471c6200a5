import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { labelsBelow, objectsProvider, rowAt, rowsBelow } from './support/objectsView.ts';
import type { Row } from './support/rows.ts';
import { putNamed, requestsOf, uriOf, useSite } from './support/site.ts';

const { executeCommand } = vscode.commands;

for (const server of serversFromEnvironment()) {
  describe(`tree on ${server.name}`, () => {
    const site = useSite(server);
    useDialogs();

    const put = (...keys: readonly string[]): Promise<void> => putNamed(site, ...keys);

    /** A row below the bucket, which is listed anew. */
    async function row(...path: readonly string[]): Promise<Row> {
      const { connection, bucket } = site;
      await executeCommand('ssec.refresh', { connection, bucket, prefix: '' });
      return await rowAt(connection, bucket, ...path);
    }

    it('lists a bucket’s first page with exactly one LIST', async () => {
      await put('one/a.txt', 'one/b/c.txt', 'one.txt');
      const bucket = await row();
      let labels: readonly string[] = [];
      const requests = await requestsOf(site, async () => {
        labels = await labelsBelow(bucket);
      });
      assert.deepEqual(requests, ['LIST ']);
      assert.deepEqual(labels, ['one', 'one.txt']);
      assert.deepEqual(await requestsOf(site, () => labelsBelow(bucket)), []);
    });

    it('says size, date and what to do, with an id, to eyes and ears', async () => {
      await put('shown/a.txt');
      const { item } = await row('shown', 'a.txt');
      assert.match(String(item.description), /^11 B · \d+:\d\d\s[AP]M$/);
      assert.equal(item.contextValue, 'object');
      assert.match(item.id ?? '', /shown\/a\.txt$/);
      assert.match(
        item.accessibilityInformation?.label ?? '',
        /^object a\.txt, 11 B, \d+:\d\d\s[AP]M$/,
      );
      assert.equal(item.command?.command, 'vscode.open');
      const [uri] = item.command.arguments as [vscode.Uri];
      assert.equal(uri.toString(), uriOf(site, 'shown/a.txt').toString());
    });

    it('pages by the setting, and loads more', async () => {
      const { connection, bucket } = site;
      await put(...Array.from({ length: 5 }, (_, index) => `pages/${index}`));
      const configuration = vscode.workspace.getConfiguration();
      const pages = await row('pages');
      await configuration.update('ssec.pageSize', 2, vscode.ConfigurationTarget.Global);
      try {
        assert.deepEqual(await labelsBelow(pages), ['0', '1', 'Load More…']);
        const more = (await rowsBelow(pages)).at(-1);
        assert.equal(more?.item.contextValue, 'loadMore');
        const requests = await requestsOf(site, () => executeCommand('ssec.loadMore', more.node));
        assert.deepEqual(requests, ['LIST pages/']);
        assert.deepEqual(await labelsBelow(pages), ['0', '1', '2', '3', 'Load More…']);
        await executeCommand('ssec.loadMore', { connection, bucket, prefix: 'pages/' });
        assert.deepEqual(await labelsBelow(pages), ['0', '1', '2', '3', '4']);
      } finally {
        await configuration.update('ssec.pageSize', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    it('filters on the server', async () => {
      const { connection, bucket } = site;
      await put('many/report-1', 'many/report-2', 'many/other', 'many/rest/x');
      const many = await row('many');
      const place = { connection, bucket, prefix: 'many/' };
      await executeCommand('ssec.filterPrefix', { ...place, filter: 'report' });
      const requests = await requestsOf(site, async () => {
        assert.deepEqual(await labelsBelow(many), ['report-1', 'report-2']);
      });
      assert.deepEqual(requests, ['LIST many/report']);
      const { item } = await rowAt(connection, bucket, 'many');
      assert.equal(item.description, 'only report…');
      assert.equal(item.contextValue, 'prefix filtered');
      await executeCommand('ssec.clearFilter', place);
      assert.deepEqual(await labelsBelow(many), ['rest', 'other', 'report-1', 'report-2']);
    });

    it('shows odd keys, each once and openable', async () => {
      await put('odd/a%2Fb', 'odd/\u0001', 'odd/ x', 'odd/\u202Efdp.exe', 'odd/ü');
      await site.other.put(site.bucket, 'odd/', '');
      const labels = ['\\u{1}', '␠x', 'a%2Fb', 'ü', '\\u{202E}fdp.exe'];
      assert.deepEqual(await labelsBelow(await row('odd')), labels);
      for (const { item } of await rowsBelow(await row('odd'))) {
        const [uri] = (item.command?.arguments ?? []) as [vscode.Uri];
        const bytes = await vscode.workspace.fs.readFile(uri);
        assert.ok(Buffer.from(bytes).toString().startsWith('odd/'));
      }
    });

    if (server.like === 'ceph') {
      it('shows empty segments and an object beside its prefix', async () => {
        await put('beside/a', 'beside/a/b', 'beside//x', 'beside/a//y');
        assert.deepEqual(await labelsBelow(await row('beside')), ['(empty)', 'a', 'a']);
        assert.deepEqual(await labelsBelow(await row('beside', '(empty)')), ['x']);
        const [, prefix] = await rowsBelow(await row('beside'));
        assert.deepEqual(await labelsBelow(prefix), ['(empty)', 'b']);
      });
    }

    it('looks properties up when the mouse gets there, and learns the lock', async () => {
      const { customerKey, other, bucket } = site;
      const headers = { ContentType: 'text/x-odd', Metadata: { owner: 'me' } };
      await other.put(bucket, 'hover/encrypted', 'x', customerKey, headers);
      await other.put(bucket, 'hover/locked', 'x', CustomerKey.generate());
      await other.put(bucket, 'hover/plain', 'x');
      const provider = await objectsProvider();
      const hover = async (name: string): Promise<string> => {
        const { node, item } = await row('hover', name);
        const { token } = new vscode.CancellationTokenSource();
        const resolved = await provider.resolveTreeItem?.(item, node, token);
        return typeof resolved?.tooltip === 'string' ? resolved.tooltip : '';
      };
      const iconOf = async (name: string): Promise<string> => {
        const { item } = await rowAt(site.connection, bucket, 'hover', name);
        return (item.iconPath as vscode.ThemeIcon).id;
      };
      await row('hover');
      assert.equal(await iconOf('plain'), 'file');
      assert.match(await hover('plain'), /Encryption: no customer key/);
      assert.equal(await iconOf('plain'), 'unlock');
      assert.match(await hover('locked'), /Encryption: a customer key that is not known here/);
      assert.equal(await iconOf('locked'), 'key');
      const text = await hover('encrypted');
      assert.equal(await iconOf('encrypted'), 'lock');
      const { item } = await rowAt(site.connection, bucket, 'hover', 'encrypted');
      assert.match(
        item.accessibilityInformation?.label ?? '',
        /^object encrypted, 1 B, .*, encrypted with customer key key /,
      );
      assert.match(text, /Content-Type: text\/x-odd/);
      assert.match(text, /x-amz-meta-owner: me/);
      assert.ok(text.includes(customerKey.fingerprint));
      const { node } = await rowAt(site.connection, bucket, 'hover', 'encrypted');
      const again = await requestsOf(site, async () => {
        const { token } = new vscode.CancellationTokenSource();
        await provider.resolveTreeItem?.(item, node, token);
      });
      assert.deepEqual(again, []);
    });

    it('follows what this window does, without listing again', async () => {
      await put('live/a.txt');
      const live = await row('live');
      await rowsBelow(live);
      const requests = await requestsOf(site, async () => {
        await vscode.workspace.fs.writeFile(uriOf(site, 'live/b.txt'), Buffer.from('new'));
      });
      assert.equal(requests.filter((each) => each === 'LIST live/').length, 0, requests.join());
      assert.deepEqual(await labelsBelow(live), ['a.txt', 'b.txt']);
      await vscode.workspace.fs.delete(uriOf(site, 'live/a.txt'));
      assert.deepEqual(await labelsBelow(live), ['b.txt']);
      const changed = await requestsOf(site, () => labelsBelow(live));
      assert.deepEqual(changed, []);
    });

    it('shows why something cannot be listed, and tries again', async () => {
      const { connection, bucket, proxy } = site;
      await put('failing/x');
      const failing = await row('failing');
      const body =
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No.</Message></Error>';
      await proxy.addFault({
        match: { method: 'GET', pathRegex: 'prefix=failing' },
        fault: { kind: 'respond', status: 403, body },
      });
      let error: Row | undefined;
      try {
        await executeCommand('ssec.refresh', { connection, bucket, prefix: 'failing/' });
        [error] = await rowsBelow(failing);
      } finally {
        await proxy.clearFaults();
      }
      assert.equal(error?.item.contextValue, 'error');
      assert.match(error.item.accessibilityInformation?.label ?? '', /^Error: .*Enter/);
      await executeCommand('ssec.refresh', error.node);
      assert.deepEqual(await labelsBelow(failing), ['x']);
    });

    it('knows where each row stands, so that it can be revealed', async () => {
      await put('deep/er/x.txt');
      const provider = await objectsProvider();
      const path: string[] = [];
      let { node }: { node: object | undefined } = await row('deep', 'er', 'x.txt');
      while (node !== undefined) {
        path.unshift((await provider.getTreeItem(node)).id ?? '');
        node = (await provider.getParent?.(node)) ?? undefined;
      }
      const { connection, bucket } = site;
      assert.deepEqual(path, [
        `connection ${connection}`,
        `prefix ${connection}/${bucket}/`,
        `prefix ${connection}/${bucket}/deep/`,
        `prefix ${connection}/${bucket}/deep/er/`,
        `object ${connection}/${bucket}/deep/er/x.txt`,
      ]);
    });
  });
}

describe('tree', () => {
  it('shows an entry of the settings that is no connection', async () => {
    const configuration = vscode.workspace.getConfiguration();
    const before = configuration.inspect('ssec.connections')?.globalValue as object | undefined;
    const broken = { ...before, 'Not A Name': { region: 'x' } };
    const target = vscode.ConfigurationTarget.Global;
    await configuration.update('ssec.connections', broken, target);
    try {
      const rows = await rowsBelow();
      const problem = rows.find(({ label }) => label === 'Not A Name');
      assert.match(String(problem?.item.description), /a-z, 0-9/);
      assert.equal(problem?.item.command?.command, 'workbench.action.openSettings');
    } finally {
      await configuration.update('ssec.connections', before, target);
    }
  });
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { closeEditors, openText, replaceText, until } from './support/editors.ts';
import { useSite } from './support/site.ts';
import { checkRow, planRows, syncRowAt, syncRows } from './support/syncView.ts';

const { executeCommand } = vscode.commands;

interface Outcome {
  readonly succeeded: number;
  readonly failures: readonly { readonly path: string; readonly message: string }[];
  readonly conflicts: readonly string[];
}

interface ShownPlan {
  readonly counts: Readonly<Record<string, number>>;
  readonly conflicts: readonly string[];
}

for (const server of serversFromEnvironment()) {
  describe(`sync with ${server.name}`, function () {
    this.timeout(60_000);
    const site = useSite(server);
    const dialogs = useDialogs();
    let folder: string;
    let prefix: string;
    let count = 0;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'ssec-sync-'));
      count += 1;
      prefix = `sync-${String(count)}/`;
    });
    afterEach(async () => {
      await executeCommand('ssec.discardSyncPlan');
      await setPairs(undefined);
      await closeEditors();
      await site.proxy.clearFaults();
      await rm(folder, { recursive: true });
    });

    async function setPairs(pairs: Readonly<Record<string, object>> | undefined): Promise<void> {
      await vscode.workspace
        .getConfiguration()
        .update('ssec.sync', pairs, vscode.ConfigurationTarget.Workspace);
    }

    function pairWith(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
      const remote = `s3://${site.bucket}/${prefix}`;
      return { local: folder, remote, connection: site.connection, direction: 'both', ...more };
    }

    async function write(files: Readonly<Record<string, string>>): Promise<void> {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(join(folder, name, '..'), { recursive: true });
        await writeFile(join(folder, name), text);
      }
    }

    async function put(objects: Readonly<Record<string, string>>): Promise<void> {
      for (const [path, text] of Object.entries(objects)) {
        await site.other.put(site.bucket, prefix + path, text, site.customerKey);
      }
    }

    async function remote(): Promise<Record<string, string>> {
      const { bucket, customerKey, other } = site;
      const keys = await other.keys(bucket, prefix);
      const texts = keys.map(
        async (key) =>
          [key.slice(prefix.length), await other.text(bucket, key, customerKey)] as const,
      );
      return Object.fromEntries(await Promise.all(texts));
    }

    async function local(): Promise<Record<string, string>> {
      const names = await readdir(folder, { recursive: true, withFileTypes: true });
      const texts = names
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const;
        });
      return Object.fromEntries((await Promise.all(texts)).sort());
    }

    async function sync(more: Readonly<Record<string, unknown>> = {}): Promise<Outcome> {
      return await executeCommand('ssec.syncNow', { name: 'pair', confirmed: true, ...more });
    }

    /** Both sides have `a.txt`, and then both change it. */
    async function conflict(): Promise<void> {
      await setPairs({ pair: pairWith() });
      await write({ 'a.txt': 'first' });
      await sync();
      await write({ 'a.txt': 'mine, longer' });
      await put({ 'a.txt': 'theirs' });
    }

    it('shows the plan of a saved pair, runs it, and has nothing to do then', async () => {
      await setPairs({ pair: pairWith({ exclude: ['*.tmp'] }) });
      await write({ 'a.txt': 'A', 'b/c.txt': 'C', 'no.tmp': 'x' });
      await put({ 'd.txt': 'D' });
      const plan: ShownPlan = await executeCommand('ssec.syncNow', { name: 'pair' });
      assert.equal(plan.counts['upload'], 2);
      assert.equal(plan.counts['download'], 1);
      assert.deepEqual(await planRows(), {
        Upload: ['a.txt', 'b/c.txt'],
        Download: ['d.txt'],
      });
      assert.deepEqual(Object.keys(await remote()), ['d.txt']);
      const outcome: Outcome = await executeCommand('ssec.runSyncPlan', {});
      assert.deepEqual([outcome.succeeded, outcome.failures], [3, []]);
      assert.deepEqual(await remote(), { 'a.txt': 'A', 'b/c.txt': 'C', 'd.txt': 'D' });
      assert.equal((await local())['d.txt'], 'D');
      assert.notEqual(await site.other.status(site.bucket, `${prefix}a.txt`), 200);
      const again: ShownPlan = await executeCommand('ssec.syncNow', { name: 'pair' });
      assert.deepEqual([again.counts['upload'], again.counts['unchanged']], [0, 3]);
      assert.ok(dialogs.shown.some(({ message }) => message.includes('nothing to do')));
      assert.deepEqual(dialogs.modals(), []);
    });

    it('leaves out what has no tick', async () => {
      await setPairs({ pair: pairWith() });
      await write({ 'a.txt': 'A', 'b.txt': 'B' });
      await executeCommand('ssec.syncNow', { name: 'pair' });
      await checkRow(false, 'Upload', 'a.txt');
      await executeCommand('ssec.runSyncPlan', {});
      assert.deepEqual(await remote(), { 'b.txt': 'B' });
      await executeCommand('ssec.syncNow', { name: 'pair' });
      await checkRow(false, 'Upload');
      await assert.rejects(
        async () => executeCommand('ssec.runSyncPlan', {}),
        /Nothing of the plan/,
      );
      assert.deepEqual(await remote(), { 'b.txt': 'B' });
    });

    it('changes nothing about a conflict until somebody decides it', async () => {
      await conflict();
      const plan: ShownPlan = await executeCommand('ssec.syncNow', { name: 'pair' });
      assert.deepEqual(plan.conflicts, ['a.txt']);
      const row = await syncRowAt('Conflicts', 'a.txt');
      assert.match(String(row.item.description), /changed on both sides/);
      await assert.rejects(async () => executeCommand('ssec.runSyncPlan', {}), /conflicts/);
      assert.deepEqual((await sync()).conflicts, ['a.txt']);
      assert.deepEqual(await local(), { 'a.txt': 'mine, longer' });
      assert.deepEqual(await remote(), { 'a.txt': 'theirs' });
    });

    it('keeps both of a conflict, on both sides', async () => {
      await conflict();
      await executeCommand('ssec.syncNow', { name: 'pair' });
      const row = await syncRowAt('Conflicts', 'a.txt');
      assert.deepEqual(await executeCommand('ssec.keepBothInPlan', row.node), { decided: 1 });
      assert.match(String((await syncRowAt('Conflicts', 'a.txt')).item.description), /keep both/);
      await executeCommand('ssec.runSyncPlan', {});
      const both = await local();
      assert.deepEqual(Object.values(both).sort(), ['mine, longer', 'theirs']);
      assert.equal(both['a.txt'], 'mine, longer');
      assert.deepEqual(await remote(), both);
    });

    it('uses the side that somebody decided for', async () => {
      await conflict();
      await executeCommand('ssec.syncNow', { name: 'pair' });
      await executeCommand('ssec.useRemoteInPlan', { paths: ['a.txt'] });
      await executeCommand('ssec.runSyncPlan', {});
      assert.deepEqual(await local(), { 'a.txt': 'theirs' });
      await write({ 'a.txt': 'mine again!' });
      await put({ 'a.txt': 'theirs again' });
      const { conflicts } = await sync({ resolutions: { 'a.txt': 'local' } });
      assert.deepEqual(conflicts, []);
      assert.deepEqual(await remote(), { 'a.txt': 'mine again!' });
      assert.deepEqual(await local(), { 'a.txt': 'mine again!' });
    });

    it('compares both sides of a conflict, the remote one read-only', async () => {
      await conflict();
      await executeCommand('ssec.syncNow', { name: 'pair' });
      const { node } = await syncRowAt('Conflicts', 'a.txt');
      await executeCommand('ssec.compareInPlan', node);
      const input = await until(() => {
        const found: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return found instanceof vscode.TabInputTextDiff ? found : undefined;
      });
      assert.equal(input.original.fsPath, join(folder, 'a.txt'));
      const document = await vscode.workspace.openTextDocument(input.modified);
      assert.equal(document.getText(), 'theirs');
      assert.equal(vscode.workspace.fs.isWritableFileSystem(input.modified.scheme), false);
    });

    it('compares without an editor what is too large for one', async () => {
      await conflict();
      await write({ 'same.txt': 'the same' });
      await put({ 'same.txt': 'the same' });
      const settings = vscode.workspace.getConfiguration();
      await settings.update('ssec.largeObjectSize', 0, vscode.ConfigurationTarget.Global);
      try {
        await executeCommand('ssec.syncNow', { name: 'pair' });
        const { node } = await syncRowAt('Conflicts', 'a.txt');
        const before = vscode.window.tabGroups.activeTabGroup.activeTab?.label;
        assert.deepEqual(await executeCommand('ssec.compareInPlan', node), { same: false });
        const same = { path: 'same.txt' };
        assert.deepEqual(await executeCommand('ssec.compareInPlan', same), { same: true });
        assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, before);
        assert.ok(dialogs.shown.some(({ message }) => message.includes('same.txt” are the same')));
        assert.deepEqual(await remote(), { 'a.txt': 'theirs', 'same.txt': 'the same' });
      } finally {
        const none = undefined;
        await settings.update('ssec.largeObjectSize', none, vscode.ConfigurationTarget.Global);
      }
    });

    it('asks before it deletes, and how many of how many', async () => {
      await setPairs({ pair: pairWith({ deletions: 'propagated' }) });
      await write({ 'a.txt': 'A', 'b.txt': 'B', 'c.txt': 'C' });
      await sync();
      await unlink(join(folder, 'a.txt'));
      await site.other.delete(site.bucket, `${prefix}b.txt`);
      await executeCommand('ssec.syncNow', { name: 'pair' });
      assert.deepEqual(await planRows(), {
        'Delete Here': ['b.txt'],
        'Delete on the Server': ['a.txt'],
      });
      assert.equal(await executeCommand('ssec.runSyncPlan', {}), undefined);
      const [asked] = dialogs.modals();
      assert.match(asked?.detail ?? '', /the local folder: 1 of 2 .*\n.*the remote side: 1 of 2/);
      assert.deepEqual(Object.keys(await local()), ['b.txt', 'c.txt']);
      assert.deepEqual(Object.keys(await remote()), ['a.txt', 'c.txt']);
      await executeCommand('ssec.runSyncPlan', { confirmed: true });
      assert.equal(dialogs.modals().length, 1);
      assert.deepEqual(Object.keys(await local()), ['c.txt']);
      assert.deepEqual(Object.keys(await remote()), ['c.txt']);
    });

    it('stops where a side has nothing any more, until that is said to be meant', async () => {
      await setPairs({ pair: pairWith({ deletions: 'propagated' }) });
      await write({ 'a.txt': 'A' });
      await sync();
      await unlink(join(folder, 'a.txt'));
      await assert.rejects(sync(), /acceptVanished/);
      await executeCommand('ssec.syncNow', { name: 'pair' });
      dialogs.answer('Plan Again');
      assert.equal(await executeCommand('ssec.runSyncPlan', {}), undefined);
      assert.match(dialogs.modals()[0]?.message ?? '', /meant to be empty/);
      assert.deepEqual(await planRows(), { 'Delete on the Server': ['a.txt'] });
      assert.deepEqual(await remote(), { 'a.txt': 'A' });
      await sync({ acceptVanished: true });
      assert.deepEqual(await remote(), {});
    });

    it('encrypts again what a changed key rule names another customer key for', async () => {
      await setPairs({ pair: pairWith({ direction: 'upload' }) });
      await write({ 'a.txt': 'A' });
      await sync();
      const configuration = vscode.workspace.getConfiguration();
      const rules = { [`s3://${site.bucket}/${prefix}**`]: 'none' };
      await configuration.update('ssec.keyRules', rules, vscode.ConfigurationTarget.Global);
      try {
        await executeCommand('ssec.syncNow', { name: 'pair' });
        assert.deepEqual(await planRows(), { 'Re-encrypt': ['a.txt'] });
        assert.equal(await executeCommand('ssec.runSyncPlan', {}), undefined);
        assert.match(dialogs.modals()[0]?.detail ?? '', /lose their customer key.*: 1/);
        dialogs.answer('Run');
        await executeCommand('ssec.runSyncPlan', {});
        assert.equal(await site.other.status(site.bucket, `${prefix}a.txt`), 200);
      } finally {
        await configuration.update('ssec.keyRules', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    it('copies between prefixes without a saved pair', async () => {
      await put({ 'from/a.txt': 'A', 'from/b/c.txt': 'C' });
      const place = `s3://${site.bucket}/${prefix}`;
      const outcome: Outcome = await executeCommand('ssec.syncNow', {
        ...{ from: `${place}from/`, remote: `${place}to/`, connection: site.connection },
        confirmed: true,
      });
      assert.deepEqual([outcome.succeeded, outcome.failures], [2, []]);
      assert.equal((await remote())['to/b/c.txt'], 'C');
    });

    it('reports what failed, and does the rest', async () => {
      await setPairs({ pair: pairWith({ direction: 'upload' }) });
      await write({ 'a.txt': 'A', 'b.txt': 'B' });
      await site.proxy.addFault({
        match: { method: 'PUT', pathRegex: 'b\\.txt' },
        fault: {
          ...{ kind: 'respond', status: 403 },
          body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>',
        },
      });
      const { succeeded, failures } = await sync();
      assert.equal(succeeded, 1);
      assert.deepEqual(
        failures.map(({ path }) => path),
        ['b.txt'],
      );
      const file = join(folder, '..', `report-${String(Date.now())}.json`);
      await executeCommand('ssec.exportSyncReport', { name: 'pair', file });
      const report = JSON.parse(await readFile(file, 'utf8')) as Outcome;
      assert.deepEqual(report.failures, failures);
      await rm(file);
      await executeCommand('ssec.showSyncReport', { name: 'pair' });
      const text = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /## Failed \(1\)\n\n- upload `b\.txt`: /);
      await site.proxy.clearFaults();
      assert.equal((await sync()).succeeded, 1);
      assert.deepEqual(await remote(), { 'a.txt': 'A', 'b.txt': 'B' });
    });

    it('is cancelled and tried again among the transfers', async () => {
      await setPairs({ pair: pairWith({ direction: 'upload' }) });
      await write(
        Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${String(i)}.txt`, 'x'])),
      );
      const fault = { kind: 'delay', milliseconds: 1000 } as const;
      await site.proxy.addFault({ match: { method: 'PUT' }, fault });
      const running = sync();
      const id = await waitForTransfer('running');
      await executeCommand('ssec.cancelTransfer', { id });
      const { succeeded } = await running;
      assert.ok(succeeded < 40, String(succeeded));
      await site.proxy.clearFaults();
      await executeCommand('ssec.retryTransfer', { id: await waitForTransfer('cancelled') });
      assert.equal(Object.keys(await remote()).length, 40);
      const again: ShownPlan = await executeCommand('ssec.syncNow', { name: 'pair' });
      assert.equal(again.counts['unchanged'], 40);
    });

    it('pushes after a save, and only that pair', async () => {
      await setPairs({
        pair: pairWith({ pushOnSave: true }),
        other: pairWith({ remote: `s3://${site.bucket}/other-${prefix}` }),
      });
      await write({ 'a.txt': 'A' });
      await sync();
      await put({ 'b.txt': 'stays there' });
      const document = await openText(vscode.Uri.file(join(folder, 'a.txt')));
      await replaceText(document, 'saved');
      await document.save();
      await waitFor(async () => (await remote())['a.txt'] === 'saved');
      assert.deepEqual(await local(), { 'a.txt': 'saved' });
      assert.deepEqual(await site.other.keys(site.bucket, `other-${prefix}`), []);
    });

    it('pulls at an interval what needs no question; the rest waits and is said once', async () => {
      await withQuickTimer(async () => {
        await setPairs({ pair: pairWith({ deletions: 'propagated' }) });
        await write({ 'a.txt': 'A', 'b.txt': 'B' });
        await sync();
        await put({ 'new.txt': 'N' });
        await site.other.delete(site.bucket, `${prefix}b.txt`);
        await write({ 'mine.txt': 'not pushed' });
        await setPairs({ pair: pairWith({ deletions: 'propagated', interval: 7 }) });
        await waitFor(async () => (await local())['new.txt'] === 'N');
        await waitFor(() => Promise.resolve(told().length > 0));
        await put({ 'newer.txt': 'N' });
        await waitFor(async () => (await local())['newer.txt'] === 'N');
        await new Promise((resolve) => setTimeout(resolve, 1500));
      });
      assert.deepEqual(told(), ['The sync “pair” waits for you: deletions: 1.']);
      assert.equal((await local())['b.txt'], 'B');
      assert.ok(!('mine.txt' in (await remote())));
    });

    it('does not begin by itself, but after the first sync by hand', async () => {
      await withQuickTimer(async () => {
        await put({ 'a.txt': 'A' });
        await setPairs({ pair: pairWith({ interval: 7 }) });
        await waitFor(() =>
          Promise.resolve(dialogs.shown.some(({ message }) => message.includes('not synced yet'))),
        );
      });
      assert.deepEqual(await local(), {});
    });

    it('shows what cannot be used of the setting, and names it', async () => {
      await setPairs({ pair: pairWith(), broken: { local: folder, direction: 'sideways' } });
      const labels = await waitForRows();
      assert.ok(labels.includes('pair'));
      assert.ok(labels.includes('broken › direction'), labels.join(', '));
      await assert.rejects(
        async () => executeCommand('ssec.syncNow', { name: 'broken' }),
        /"broken.*cannot be used/,
      );
      await assert.rejects(
        async () => executeCommand('ssec.syncNow', { name: 'nothing' }),
        /There is no pair "nothing"/,
      );
      await setPairs({ pair: pairWith({ local: join(folder, 'nowhere'), direction: 'upload' }) });
      await assert.rejects(sync(), /There is no folder/);
      await setPairs({ pair: pairWith({ local: '${workspaceFolder:nope}' }) });
      await assert.rejects(sync(), /no folder "nope"/);
    });

    it('saves and removes pairs', async () => {
      const pair = pairWith({ exclude: ['*.tmp'] });
      const added = await executeCommand('ssec.addSyncPair', { name: 'mine', ...pair });
      assert.deepEqual(added, { name: 'mine', target: 'workspace' });
      const { workspaceValue } = vscode.workspace.getConfiguration().inspect('ssec.sync') ?? {};
      assert.deepEqual(workspaceValue, { mine: pair });
      assert.equal(await executeCommand('ssec.removeSyncPair', { name: 'mine' }), undefined);
      dialogs.answer('Remove');
      await executeCommand('ssec.removeSyncPair', { name: 'mine' });
      assert.deepEqual(vscode.workspace.getConfiguration().get('ssec.sync'), {});
    });

    /** The transfer of this test's pair that is in a state, once there is one. */
    async function waitForTransfer(state: string): Promise<string> {
      type Shown = readonly {
        readonly id: string;
        readonly label: string;
        readonly state: string;
      }[];
      let id = '';
      await waitFor(async () => {
        const all: Shown = await executeCommand('ssec.showTransfers', { show: false });
        const found = all.find((each) => each.label.includes(folder) && each.state === state);
        id = found?.id ?? '';
        return found !== undefined;
      });
      return id;
    }

    async function waitForRows(): Promise<readonly string[]> {
      let labels: readonly string[] = [];
      await waitFor(async () => {
        labels = (await syncRows()).map(({ label }) => label);
        return labels.length > 1;
      });
      return labels;
    }

    function told(): readonly string[] {
      return dialogs.shown.map(({ message }) => message).filter((text) => text.includes('waits'));
    }
  });
}

/** Waits until something is so; at most fifteen seconds. */
async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It did not happen within fifteen seconds.');
}

/** Lets seven minutes pass in 400 ms; the extension and the tests have the same timers. */
async function withQuickTimer(work: () => Promise<void>): Promise<void> {
  const real = globalThis.setTimeout;
  const quick = (run: () => void, milliseconds?: number, ...rest: unknown[]): unknown =>
    real(run, milliseconds === 7 * 60_000 ? 400 : milliseconds, ...(rest as []));
  globalThis.setTimeout = Object.assign(quick, real);
  try {
    await work();
  } finally {
    globalThis.setTimeout = real;
  }
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { Dialogs } from './support/dialogs.ts';
import { until } from './support/editors.ts';
import { addCustomerKey, prepareSite, type Site, uriOf } from './support/site.ts';

/** All that VS Code has written about this run: the extension's channel among it. */
function logFiles(): readonly string[] {
  const run = dirname(process.env['SSEC_TEST_LOG'] ?? '');
  return readdirSync(run, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.log'))
    .map((file) => join(run, file));
}

function channel(): string {
  const files = logFiles().filter((file) => file.endsWith('SSE-C Explorer.log'));
  assert.notEqual(files.length, 0, 'There is no log of the channel.');
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

for (const server of serversFromEnvironment()) {
  describe(`the log on ${server.name}`, () => {
    let site: Site;
    const lines: string[] = [];
    before(async () => {
      site = await prepareSite(server);
      const dialogs = new Dialogs();
      dialogs.replace();
      const { bucket, customerKey, other } = site;
      const before = channel().length;
      await other.put(bucket, 'logged.txt', 'text', customerKey);
      const uri = uriOf(site, 'logged.txt');
      await vscode.workspace.fs.readFile(uri);
      await vscode.workspace.fs.writeFile(uri, Buffer.from('more'));
      await vscode.workspace.fs.rename(uri, uriOf(site, 'renamed\nlogged.txt'));
      const locked = CustomerKey.generate();
      await other.put(bucket, 'locked.txt', 'text', locked);
      const giveUp = setInterval(() => {
        void vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      }, 300);
      await assert.rejects(async () => vscode.workspace.fs.readFile(uriOf(site, 'locked.txt')));
      clearInterval(giveUp);
      await addCustomerKey(locked, `locked of ${bucket}`, [new URL(server.proxy.endpoint).host]);
      await vscode.workspace.fs.readFile(uriOf(site, 'locked.txt'));
      dialogs.restore();
      // The channel is written with some delay: the last request is the last line.
      const last = /GetObject .*locked\.txt.* 200 \d+ ms/;
      const text = await until(() => {
        const written = channel().slice(before);
        return last.test(written) ? written : undefined;
      });
      lines.push(...text.split('\n'));
    });

    it('has a line for each request: verb, bucket and object key, status and time', () => {
      const about = (verb: string, name: string): string | undefined =>
        lines.find((line) => line.includes(`${verb} `) && line.includes(name));
      assert.match(about('GetObject', 'logged.txt') ?? '', /\[info\] GetObject .* 200 \d+ ms/);
      assert.match(about('PutObject', 'logged.txt') ?? '', /\[info\] PutObject .* 200 \d+ ms/);
      assert.match(about('DeleteObject', 'logged.txt') ?? '', / 204 \d+ ms/);
      assert.match(about('GetObject', 'locked.txt') ?? '', / 4\d\d \w+ \d+ ms/);
    });

    it('stays one line where the object key has a line break', () => {
      assert.ok(lines.some((line) => line.includes(String.raw`renamed\nlogged.txt`)));
      assert.ok(lines.every((line) => line === '' || /^\d{4}-\d\d-\d\d /.test(line)));
    });

    it('has no secret, nor has any other log of VS Code', () => {
      const bytes = Buffer.from(site.customerKey.reveal());
      const secrets = [
        ...[bytes.toString('base64'), bytes.toString('hex'), bytes.toString('latin1')],
        ...[bytes.toString('base64').replace(/=+$/, ''), server.secretAccessKey],
      ];
      for (const file of logFiles()) {
        const text = readFileSync(file, 'utf8');
        for (const secret of secrets) assert.ok(!text.includes(secret), file);
      }
    });
  });
}

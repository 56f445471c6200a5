import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestServer } from '../servers/fromEnvironment.ts';
import { unequip } from './support/equipment.ts';
import { fingerprintOf, formsOf } from './support/secrets.ts';
import { primaryServer } from './support/matrix.ts';
import { forwardFrom, furnish, type Scene } from './support/scene.ts';
import { VSCodeWindow } from './support/vscodeWindow.ts';

// npm run screenshots: takes the README's pictures, of the packaged extension in a real VS Code.
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const port = 9000;
const contract = 'object offer-northwind.md';

const server = primaryServer();
const scene: Scene = {
  ...{ contracts: randomBytes(32), backups: randomBytes(32), foreign: randomBytes(32) },
};
await furnish(server, scene);
const front = await forwardFrom(port, server.endpoint);
const window = await openWindow(server, scene);
try {
  await showObjects();
  await keep('open');
  await planSync();
  await keep('sync');
  await typeCustomerKey();
  await keep('addCustomerKey');
  await window.workbench.quickInput.cancel();
  await meetConflict();
  await keep('conflict');
} finally {
  await window.stop();
  await unequip();
  await front.stop();
}

async function keep(name: string): Promise<void> {
  mkdirSync(images, { recursive: true });
  copyFileSync(await window.picture(name), `${images}${name}.png`);
  process.stdout.write(`docs/images/${name}.png\n`);
}

/** A tree with objects in every state, and one of them open. */
async function showObjects(): Promise<void> {
  const { objects, workbench } = window;
  await objects.expand('connection acme', 'bucket acme-contracts');
  await objects.expand('bucket acme-contracts', 'prefix 2026');
  await objects.expand('prefix 2026', contract);
  for (const name of ['customers.csv', 'read me first.txt', 'terms.md']) {
    await objects.click(`object ${name}`);
    await workbench.editor.waitFor(name);
  }
  await objects.item('object audit.pdf').hover();
  await objects.item(/^object audit\.pdf, .*customer key unknown/).waitFor();
  await workbench.editor.closeAll();
  await objects.click(contract);
  await workbench.editor.waitFor('offer-northwind.md');
  await workbench.editor.waitForText('Whoever loses the key');
  await objects.item(/^object offer-northwind\.md, .*customer key contracts$/).waitFor();
  await widenSideBar(420);
  await workbench.page.mouse.move(900, 700);
  await workbench.notifications.clear();
}

/** Drags the edge of the side bar to the right, in pixels from the left. */
async function widenSideBar(to: number): Promise<void> {
  const { page } = window.workbench;
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('There is no side bar.');
  await page.mouse.move(box.x + box.width, 600);
  await page.mouse.down();
  await page.mouse.move(to, 600, { steps: 5 });
  await page.mouse.up();
}

/** What a sync of a folder would do, with something of everything. */
async function planSync(): Promise<void> {
  const { palette, page } = window.workbench;
  const folder = join(window.workspace, 'contracts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'invoice-0118.md'), '# Invoice 0118\n'.repeat(90));
  writeFileSync(join(folder, 'reminder.md'), '# Reminder\n'.repeat(12));
  writeFileSync(join(folder, 'terms.md'), '# Terms, revised\n'.repeat(300));
  const sync = window.workbench.tree('SSE-C Explorer', 'Sync');
  await palette.run('SSE-C: Sync Now…');
  await window.workbench.quickInput.pick('contracts');
  await sync.item(/^Conflicts, 1/).waitFor();
  await sync.item('invoice-0118.md').waitFor();
  await page.mouse.move(900, 700);
  await window.workbench.notifications.clear();
}

async function typeCustomerKey(): Promise<void> {
  const { palette, quickInput } = window.workbench;
  const customerKey = randomBytes(32);
  window.secrets.push(...formsOf(customerKey));
  await palette.run('SSE-C: Add Customer Key…');
  await quickInput.pick(/Type or paste it/);
  await quickInput.waitFor('The customer key: 32 characters');
  await quickInput.fill(customerKey.toString('base64'));
  await quickInput.waitFor(`Fingerprint: ${fingerprintOf(customerKey)}`);
}

async function meetConflict(): Promise<void> {
  const { dialog, editor } = window.workbench;
  await editor.append('\nSigned: Anna Berg, 22 November 2026\n');
  await editor.waitUntilDirty('offer-northwind.md');
  await furnish(server, scene);
  await editor.pressSave();
  await dialog.waitFor('was changed on the server');
}

async function openWindow(
  { region, caFile, accessKeyId, secretAccessKey }: TestServer,
  { contracts, backups }: Scene,
): Promise<VSCodeWindow> {
  const host = `localhost:${String(port)}`;
  const keyArguments = (name: string, customerKey: Uint8Array): object => ({
    ...{ name, format: 'base64', value: Buffer.from(customerKey).toString('base64') },
    ...{ scope: 'user', hosts: [host] },
  });
  const started = await VSCodeWindow.start({
    ...{ leg: 'latest', pictures: 'screenshots' },
    settings: {
      'ssec.defaultCustomerKey': 'contracts',
      'ssec.sync': {
        contracts: {
          local: '${workspaceFolder}/contracts',
          ...{ remote: 's3://acme-contracts/2026/', connection: 'acme', direction: 'both' },
        },
      },
      'workbench.colorTheme': 'Default Dark Modern',
      'window.menuBarVisibility': 'hidden',
      'chat.commandCenter.enabled': false,
      'window.title': 'acme',
    },
    prepared: [
      {
        command: 'ssec.addConnection',
        args: {
          ...{ name: 'acme', endpoint: `https://${host}`, region, caFile, target: 'user' },
          credentials: { source: 'accessKey', accessKeyId, secretAccessKey },
        },
      },
      { command: 'ssec.addCustomerKey', args: keyArguments('contracts', contracts) },
      { command: 'ssec.addCustomerKey', args: keyArguments('backups', backups) },
    ],
  });
  started.secrets.push(secretAccessKey, ...formsOf(contracts), ...formsOf(backups));
  await started.workbench.page.setViewportSize({ width: 1280, height: 800 });
  await started.objects.openEmpty('No connection yet.');
  await started.pressPrepared();
  await started.customerKeys.item('Customer key backups').waitFor();
  await started.workbench.notifications.clear();
  return started;
}

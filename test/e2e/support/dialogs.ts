import assert from 'node:assert/strict';
import { basename } from 'node:path';
import type { TestServer } from '../../servers/fromEnvironment.ts';
import { fingerprintOf, formsOf } from './secrets.ts';
import type { VSCodeWindow } from './vscodeWindow.ts';

/** Answers the questions of "Add Connection…" up to the trial, by keyboard and mouse. */
export async function answerConnection(
  window: VSCodeWindow,
  { endpoint, region, accessKeyId, secretAccessKey }: TestServer,
  name: string,
): Promise<void> {
  const { quickInput, palette } = window.workbench;
  window.secrets.push(secretAccessKey);
  await palette.run('SSE-C: Add Connection…');
  await quickInput.waitFor('Where are the objects?');
  await window.picture('add connection - service');
  await quickInput.pick(/^S3-compatible endpoint/);
  await quickInput.waitFor('The URL of the endpoint');
  await quickInput.fill(endpoint);
  await window.picture('add connection - endpoint');
  await quickInput.accept();
  await quickInput.waitFor('The region');
  await quickInput.answer(region);
  await quickInput.waitFor('How does the server address a bucket?');
  await window.picture('add connection - path style');
  await quickInput.pick(/^In the path/);
  await quickInput.waitFor('Where do the credentials come from?');
  await window.picture('add connection - credentials');
  await quickInput.pick(/^Access key/);
  await quickInput.waitFor('The access key ID');
  await quickInput.answer(accessKeyId);
  await quickInput.waitFor('The secret access key');
  assert.ok(await quickInput.isPassword(), 'the secret access key is typed hidden');
  await quickInput.fill(secretAccessKey);
  await window.picture('add connection - secret');
  await quickInput.accept();
  await quickInput.waitFor('The buckets to show');
  await quickInput.answer('');
  await quickInput.waitFor('A name for the connection');
  await quickInput.fill(name);
  await window.picture('add connection - name');
  await quickInput.accept();
  await quickInput.waitFor('Which settings keep the connection?');
  await quickInput.pick(/^User settings/);
}

/** Answers the dialog for a file by its path; in a browser it is VS Code's own. */
export async function answerFileDialog(window: VSCodeWindow, file: string): Promise<void> {
  const { quickInput } = window.workbench;
  const above = quickInput.option('..');
  await above.waitFor();
  // For a moment it goes on filling the box itself, so that what is typed may be mixed up.
  for (let tries = 0; tries < 20; tries++) {
    await quickInput.waitForValue(new RegExp(`/$|/${basename(file)}$`));
    await quickInput.fill(file);
    await quickInput.accept();
    // What is asked next comes in the same box.
    const gone = above.waitFor({ state: 'hidden', timeout: 1000 });
    if (await gone.then(() => true).catch(() => false)) return;
  }
  throw new Error(`The dialog does not take ${file}.`);
}

/** Answers the dialog for a folder, which has a button of this name. */
export async function answerFolderDialog(
  window: VSCodeWindow,
  folder: string,
  button: string,
): Promise<void> {
  const { quickInput } = window.workbench;
  const ok = quickInput.button(button);
  await quickInput.option('..').waitFor();
  for (let tries = 0; tries < 20; tries++) {
    await quickInput.fill(`${folder}/`);
    // What is in it is listed before it can be taken.
    await window.workbench.page.waitForTimeout(300);
    await ok.click({ timeout: 1000 }).catch(() => undefined);
    const gone = ok.waitFor({ state: 'hidden', timeout: 1000 });
    if (await gone.then(() => true).catch(() => false)) return;
  }
  throw new Error(`The dialog does not take ${folder}.`);
}

/** How a customer key is typed, and what the dialog says of it. */
export interface TypedKey {
  readonly customerKey: Uint8Array;
  readonly typed: string;
  /** As what it is recognised. */
  readonly format: string;
  readonly name: string;
  readonly scope: 'This workspace' | 'The user';
}

/** Answers the questions of "Add Customer Key…", which was called for already. */
export async function answerCustomerKey(window: VSCodeWindow, key: TypedKey): Promise<void> {
  const { quickInput } = window.workbench;
  const fingerprint = fingerprintOf(key.customerKey);
  window.secrets.push(...formsOf(key.customerKey));
  await quickInput.waitFor('Where does the customer key come from?');
  await window.picture('add customer key - source');
  await quickInput.pick(/Type or paste it/);
  await quickInput.waitFor('The customer key: 32 characters');
  assert.ok(await quickInput.isPassword(), 'the customer key is typed hidden');
  await quickInput.fill(key.typed);
  await quickInput.waitFor(`Read as ${key.format}. Fingerprint: ${fingerprint}`);
  await window.picture('add customer key - format and fingerprint');
  await quickInput.accept();
  await quickInput.waitFor('Who is to have the customer key?');
  await quickInput.pick(new RegExp(`^${key.scope}`));
  await quickInput.waitFor('A name for the customer key');
  await quickInput.answer(key.name);
  await quickInput.waitFor('Hosts that may get it');
  await window.picture('add customer key - hosts');
  await quickInput.accept();
  await quickInput.waitFor('Only for these buckets');
  await quickInput.answer('');
  await quickInput.waitFor('Is this the right one?');
  await quickInput.waitFor(`fingerprint ${fingerprint}`);
  await window.picture('add customer key - review');
  await quickInput.pick(/Store "/);
  const { notifications } = window.workbench;
  await notifications.waitFor(`The customer key "${key.name}" is stored: ${fingerprint}`);
  await notifications.clear();
}

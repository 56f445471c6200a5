import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRunFolder, destroyRunFolder } from '../../servers/runFolder.ts';
import { sayOnStandardError } from '../../servers/say.ts';
import { startBrowser, type Browser } from '../../workbench/browser.ts';
import { installExtensions } from '../../workbench/codeServer.ts';
import { installWorkbench, type Leg, type Workbench } from '../../workbench/install.ts';

const vsix = fileURLToPath(new URL('../../../out/ssec-explorer.vsix', import.meta.url));

/** What every window needs and none changes: it is made once in a run. */
export interface Equipment {
  readonly browser: Browser;
  readonly workbench: Workbench;
  /** With the packaged extension. */
  readonly extensionsFolder: string;
}

let browser: Promise<Browser> | undefined;
const folders = new Map<Leg, Promise<string>>();

/** Starts and installs it, if it isn't yet. */
export async function equip(leg: Leg): Promise<Equipment> {
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing: npm run package makes it.`);
  const workbench = await installWorkbench(leg, sayOnStandardError);
  const extensionsFolder = folders.get(leg) ?? install(workbench);
  folders.set(leg, extensionsFolder);
  browser ??= startBrowser();
  return { browser: await browser, workbench, extensionsFolder: await extensionsFolder };
}

async function install(workbench: Workbench): Promise<string> {
  const folder = createRunFolder('extensions');
  const extensionsFolder = join(folder, 'extensions');
  await installExtensions(workbench, extensionsFolder, [vsix]);
  return extensionsFolder;
}

/** Ends and removes it. */
export async function unequip(): Promise<void> {
  await (await browser)?.close();
  for (const folder of folders.values()) await destroyRunFolder(join(await folder, '..'));
}

// With mocha all of it goes after the last suite.
if (typeof after === 'function') after(unequip);

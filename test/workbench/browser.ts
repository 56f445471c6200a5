import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { createRunFolder, destroyRunFolder } from '../servers/runFolder.ts';

/** One browser with one page. */
export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

const flags = [
  ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/**
 * Starts a headless Chromium: `$CHROMIUM`, else Debian's. State and secrets of a workbench live in
 * its `profile` folder, by origin; without one everything is forgotten at the end.
 */
export async function openBrowser(options: { readonly profile?: string } = {}): Promise<Browser> {
  const fresh = options.profile === undefined;
  const profile = options.profile ?? createRunFolder('chromium');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    // Chromium refuses its sandbox to root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: flags,
    viewport: { width: 1400, height: 900 },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const close = async (): Promise<void> => {
    await context.close();
    if (fresh) await destroyRunFolder(profile);
  };
  return { context, page: context.pages()[0] ?? (await context.newPage()), close };
}

import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** One page, with what it keeps. */
export interface BrowserPage {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

/** A browser whose pages know nothing of each other. */
export interface Browser {
  /** Opens a page whose state and secrets are forgotten when it is closed. */
  open(): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** A headless Chromium: `$CHROMIUM`, else Debian's. */
const launchOptions = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  // Chromium refuses its sandbox to root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    ...['--disable-component-update', '--disable-sync'],
  ],
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
};

/** Starts a browser for many pages, one after the other. */
export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch(launchOptions);
  return {
    open: async () => {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      return { context, page: await context.newPage(), close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

/** Starts a browser with one page; state and secrets live in its `profile` folder, by origin. */
export async function openProfile(profile: string): Promise<BrowserPage> {
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    // Nobody looks at it.
    viewport: { width: 800, height: 600 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { context, page, close: () => context.close() };
}

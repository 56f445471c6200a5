import { appendFileSync, existsSync } from 'node:fs';
import { format } from 'node:util';
import { openProfile, type BrowserPage } from './browser.ts';
import { startCodeServer, type CodeServer } from './codeServer.ts';
import { installWorkbench } from './install.ts';
import { parseArguments, workbenchUrl, type Launch } from './launch.ts';

// The stand-in for desktop VS Code in tests: takes its arguments, runs VS Code's server and a headless
// Chromium, has the tests run in the server's extension host, and exits with their code. That the
// tests have ended is believed only if their result file exists: a crashed host reports success.
const launch = JSON.parse(process.env['SSEC_LAUNCH'] ?? '{}') as Launch;
const wanted = parseArguments(process.argv.slice(2));
const say = (line: string): void => {
  appendFileSync(launch.logFile, `[VS Code] ${line}\n`);
};

let server: CodeServer | undefined;
let browser: BrowserPage | undefined;
let finishing = false;
const errors: string[] = [];

async function finish(reported: number): Promise<void> {
  if (finishing) return;
  finishing = true;
  let code = reported;
  if (code === 0 && !existsSync(launch.resultFile)) {
    say('the extension host has ended without a result of the tests');
    code = 5;
  }
  // Failed tests have told it all themselves.
  if (code !== 0 && !existsSync(launch.resultFile) && errors.length > 0) {
    say(`its last errors:\n${errors.slice(-10).join('\n')}`);
  }
  if (code !== 0) {
    await within(5000, browser?.page.screenshot({ path: launch.screenshotFile }));
  }
  await within(5000, browser?.close());
  await within(15_000, server?.stop());
  process.exit(code);
}

async function within(milliseconds: number, done: Promise<unknown> | undefined): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
  await Promise.race([done?.catch(() => undefined), late]);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => void finish(130));
}
setTimeout(() => {
  say(`no result after ${String(launch.timeoutMilliseconds / 1000)} s: given up`);
  void finish(124);
}, launch.timeoutMilliseconds).unref();

try {
  const workbench = await installWorkbench(launch.leg, say);
  server = await startCodeServer({
    ...{ workbench, port: launch.port, workspaceTrust: launch.workspaceTrust, testDriver: true },
    ...(wanted.userDataFolder === undefined ? {} : { userDataFolder: wanted.userDataFolder }),
    ...(wanted.extensionsFolder === undefined ? {} : { extensionsFolder: wanted.extensionsFolder }),
  });
  browser = await openProfile(launch.profile);
  const { page, context } = browser;
  await context.exposeFunction('codeAutomationLog', (kind: string, parts: unknown[]) => {
    if (kind === 'error') errors.push(format(...parts).slice(0, 1500));
  });
  await context.exposeFunction('codeAutomationExit', (code: number) => void finish(code));
  page.on('crash', () => {
    say('the page has crashed');
    void finish(3);
  });
  page.on('console', (message) => {
    if (!/Extension host .*terminated/i.test(message.text())) return;
    say(message.text());
    void finish(4);
  });
  await page.goto(workbenchUrl(server.origin, wanted));
  await page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await finish(2);
}

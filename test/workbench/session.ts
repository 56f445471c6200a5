import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sayOnStandardError, type Say } from '../servers/say.ts';
import { openBrowser } from './browser.ts';
import { startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer.ts';
import { installWorkbench, type Leg } from './install.ts';
import { WorkbenchPage } from './page/workbenchPage.ts';

/** VS Code with the packaged extension in a browser, as a user has it. */
export interface Session {
  readonly server: CodeServer;
  readonly workbench: WorkbenchPage;
  /** The folder that is open. */
  readonly workspace: string;
  stop(): Promise<void>;
}

/** Starts VS Code with extensions installed from `.vsix` files, and opens it on an empty folder. */
export async function startSession(
  options: Omit<CodeServerOptions, 'workbench'> & {
    readonly leg: Leg;
    /**
     * A folder, which is made if need be, or a `.code-workspace` file.
     * Default: an empty folder that goes away with the session.
     */
    readonly workspace?: string;
    readonly say?: Say;
  },
): Promise<Session> {
  const workbench = await installWorkbench(options.leg, options.say ?? sayOnStandardError);
  const server = await startCodeServer({ ...options, workbench });
  try {
    const workspace = options.workspace ?? join(server.folder, 'workspace');
    if (!workspace.endsWith('.code-workspace')) mkdirSync(workspace, { recursive: true });
    const browser = await openBrowser({ profile: join(server.folder, 'browser') });
    const stop = async (): Promise<void> => {
      await browser.close();
      await server.stop();
    };
    try {
      browser.page.setDefaultTimeout(30_000);
      const page = new WorkbenchPage(browser.page);
      await page.open(server.origin, workspace);
      return { server, workbench: page, workspace, stop };
    } catch (error) {
      await browser.close();
      throw error;
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from './browser.ts';
import { startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer.ts';
import { WorkbenchPage } from './page/workbenchPage.ts';

/** VS Code in a browser, as a user has it. */
export interface Session {
  readonly server: CodeServer;
  readonly workbench: WorkbenchPage;
  /** The folder that is open. */
  readonly workspace: string;
  stop(): Promise<void>;
}

/** Starts VS Code, and opens it on a folder. */
export async function startSession(
  options: CodeServerOptions & {
    readonly browser: Browser;
    /**
     * A folder, which is made if need be, or a `.code-workspace` file.
     * Default: an empty folder that goes away with the session.
     */
    readonly workspace?: string;
  },
): Promise<Session> {
  const server = await startCodeServer(options);
  try {
    const workspace = options.workspace ?? join(server.folder, 'workspace');
    if (!workspace.endsWith('.code-workspace')) mkdirSync(workspace, { recursive: true });
    const tab = await options.browser.open();
    const stop = async (): Promise<void> => {
      await tab.close();
      await server.stop();
    };
    try {
      tab.page.setDefaultTimeout(30_000);
      const page = new WorkbenchPage(tab.page);
      await page.open(server.origin, workspace);
      return { server, workbench: page, workspace, stop };
    } catch (error) {
      await tab.close();
      throw error;
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { Dialog } from './dialog.ts';
import { Editor } from './editor.ts';
import { Notifications } from './notifications.ts';
import { Palette } from './palette.ts';
import { QuickInput } from './quickInput.ts';
import { Tree } from './tree.ts';

/** VS Code's workbench in a page, by its parts. */
export class WorkbenchPage {
  readonly page: Page;
  readonly dialog: Dialog;
  readonly editor: Editor;
  readonly notifications: Notifications;
  readonly palette: Palette;
  readonly quickInput: QuickInput;

  constructor(page: Page) {
    this.page = page;
    this.dialog = new Dialog(page);
    this.editor = new Editor(page);
    this.notifications = new Notifications(page);
    this.palette = new Palette(page);
    this.quickInput = new QuickInput(page);
  }

  /** Goes to the workbench of a server, with a folder or `.code-workspace` file open or with none. */
  async open(origin: string, folder?: string): Promise<void> {
    const url = new URL(origin);
    const parameter = folder?.endsWith('.code-workspace') === true ? 'workspace' : 'folder';
    if (folder === undefined) url.searchParams.set('ew', 'true');
    else url.searchParams.set(parameter, folder);
    await this.page.goto(url.href);
    await this.waitUntilReady();
  }

  /** Reloads the window, as after a restart of VS Code. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** A tree view: the title of its container in the activity bar, and its own. */
  tree(container: string | RegExp, view: string): Tree {
    return new Tree(this.page, container, view);
  }

  /** Saves a picture. */
  async screenshot(file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }

  private async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page
      .locator('.statusbar-item', { hasText: /\S/ })
      .first()
      .waitFor({ timeout: 60_000 });
  }
}

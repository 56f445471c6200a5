import type { Locator, Page } from 'playwright-core';
import { attributes } from './attributes.ts';
import { Palette } from './palette.ts';

/** The editor area: its tabs, and the text editor in front. */
export class Editor {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The tab of the file with this base name. */
  tab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab[data-resource-name=${JSON.stringify(name)}]`);
  }

  /** Waits until the file is open, in front and shows its text. */
  async waitFor(name: string): Promise<void> {
    await this.page
      .locator(`.tabs-container .tab.active[data-resource-name=${JSON.stringify(name)}]`)
      .waitFor();
    await this.lines.waitFor();
  }

  /** The base names of the open files. */
  async names(): Promise<string[]> {
    return attributes(this.page.locator('.tabs-container .tab'), 'data-resource-name');
  }

  /** The lines in view of the editor in front. */
  async text(): Promise<string> {
    // Rows are positioned, not ordered; blanks come as no-break spaces.
    const rows = await Promise.all(
      (await this.lines.locator('.view-line').all()).map(async (row) => ({
        top: Number(/top:\s*(\d+)/.exec((await row.getAttribute('style')) ?? '')?.[1]),
        text: (await row.textContent()) ?? '',
      })),
    );
    return rows
      .sort((one, other) => one.top - other.top)
      .map(({ text }) => text.replaceAll('\u{a0}', ' '))
      .join('\n');
  }

  /** Waits for a comparison whose tab has this title, and for the texts on its two sides. */
  async waitForDiff(title: string, original: string, modified: string): Promise<void> {
    await this.page.locator('.tabs-container .tab.active', { hasText: title }).waitFor();
    const sides = this.page.locator('.editor-group-container.active .monaco-diff-editor');
    for (const [side, text] of Object.entries({ original, modified })) {
      const lines = sides.locator(`.editor.${side} .view-lines`).first();
      await lines.filter({ hasText: text.replaceAll(' ', '\u{a0}') }).waitFor();
    }
  }

  /** Waits until the lines in view contain the text. */
  async waitForText(text: string): Promise<void> {
    await this.lines.filter({ hasText: text.replaceAll(' ', '\u{a0}') }).waitFor();
  }

  /** Replaces the whole text of the editor in front. */
  async replaceAll(text: string): Promise<void> {
    await this.lines.click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(text);
  }

  /** Appends to the text of the editor in front. */
  async append(text: string): Promise<void> {
    await this.lines.click();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.insertText(text);
  }

  /** Waits until the file has unsaved changes. */
  async waitUntilDirty(name: string): Promise<void> {
    await this.dirtyTab(name).waitFor();
  }

  /** Whether the file has changes that aren't saved. */
  async isDirty(name: string): Promise<boolean> {
    return (await this.dirtyTab(name).count()) > 0;
  }

  /** Presses Ctrl+S and waits until the file is saved. */
  async save(name: string): Promise<void> {
    await this.pressSave();
    await this.waitUntilSaved(name);
  }

  /** Waits until the file has no unsaved changes. */
  async waitUntilSaved(name: string): Promise<void> {
    await this.dirtyTab(name).waitFor({ state: 'detached' });
  }

  /** Presses Ctrl+S, whatever comes of it. */
  async pressSave(): Promise<void> {
    await this.page.keyboard.press('Control+s');
  }

  /** Closes the editor in front; unsaved changes bring up a dialog. */
  async close(): Promise<void> {
    // Ctrl+W belongs to the browser.
    await new Palette(this.page).run('View: Close Editor');
  }

  /** Closes all editors; unsaved changes bring up a dialog. */
  async closeAll(): Promise<void> {
    await new Palette(this.page).run('View: Close All Editors');
  }

  /** A comparison has a tab of the same name. */
  private dirtyTab(name: string): Locator {
    return this.page.locator(`.tab.dirty[data-resource-name=${JSON.stringify(name)}]`).first();
  }

  private get lines(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance .view-lines').first();
  }
}

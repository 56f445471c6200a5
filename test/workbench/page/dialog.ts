import type { Locator, Page } from 'playwright-core';

/** A modal dialog. */
export class Dialog {
  readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  /** Waits for a dialog with this text and gives all of its text. */
  async waitFor(text: string | RegExp): Promise<string> {
    await this.box.filter({ hasText: text }).waitFor();
    return this.box.innerText();
  }

  /** Presses a button and waits until the dialog has gone. */
  async press(button: string): Promise<void> {
    await this.box.getByRole('button', { name: button, exact: true }).click();
    await this.box.waitFor({ state: 'hidden' });
  }
}

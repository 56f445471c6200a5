import type { Page } from 'playwright-core';
import { QuickInput } from './quickInput.ts';

/** The command palette. */
export class Palette {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Runs the command with this whole title, such as `SSE-C: Add Connection…`. */
  async run(title: string): Promise<void> {
    const quick = new QuickInput(this.page);
    await this.page.keyboard.press('F1');
    // The palette's own filter takes `>`; an ellipsis in a title needn't be typed.
    await quick.fill(`>${title.replace(/…$/, '')}`);
    // A label may be followed by its keybinding or "recently used", and preceded by nothing.
    await quick.pick(new RegExp(`^${escapePattern(title)}(,|$)`));
  }
}

/** The text as a regular expression that fits just it. */
function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

import type { Locator, Page } from 'playwright-core';
import { attributes } from './attributes.ts';

/** The input at the top of the workbench: the palette, input boxes and quick picks. */
export class QuickInput {
  readonly box: Locator;
  readonly title: Locator;
  readonly message: Locator;
  private readonly page: Page;
  private readonly widget: Locator;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator('.quick-input-widget');
    this.box = this.widget.locator('.quick-input-box input');
    this.title = this.widget.locator('.quick-input-title');
    this.message = this.widget.locator('.quick-input-message');
  }

  /** Waits until the input with this title (or placeholder, prompt or message) is shown. */
  async waitFor(text: string | RegExp): Promise<void> {
    const byPlaceholder = this.widget.getByPlaceholder(text);
    await this.widget.filter({ hasText: text }).or(byPlaceholder).first().waitFor();
  }

  /** Waits until the box holds such a text. */
  async waitForValue(text: RegExp): Promise<void> {
    await this.box.waitFor();
    const end = Date.now() + 30_000;
    for (;;) {
      const value = await this.box.inputValue();
      if (text.test(value)) return;
      if (Date.now() > end) throw new Error(`the box holds ${JSON.stringify(value)}`);
      await this.page.waitForTimeout(20);
    }
  }

  /** Types into the box, as it is without Enter. */
  async fill(text: string): Promise<void> {
    await this.box.waitFor();
    await this.box.fill(text);
  }

  /** Fills the box and presses Enter. */
  async answer(text: string): Promise<void> {
    await this.fill(text);
    await this.accept();
  }

  /** Presses Enter. */
  async accept(): Promise<void> {
    await this.box.press('Enter');
  }

  /** Chooses the entry whose label (or whose whole accessible name, by a RegExp) fits. */
  async pick(name: string | RegExp): Promise<void> {
    await this.option(name).click();
  }

  /** Ticks the entries and presses OK. */
  async pickMany(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.widget.locator('.quick-input-list-entry', { hasText: name }).first().click();
    }
    await this.widget.getByRole('button', { name: 'OK', exact: true }).click();
  }

  /** The first entry that fits. */
  option(name: string | RegExp): Locator {
    return this.widget.getByRole('option', { name }).first();
  }

  /** The accessible names of the entries in view. */
  async options(): Promise<string[]> {
    return attributes(this.widget.getByRole('option'), 'aria-label');
  }

  /** Presses a button of the title bar (Back) or of the input itself, by its tooltip. */
  async press(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  /** A button beside the box or in the title bar. */
  button(name: string | RegExp): Locator {
    return this.widget.getByRole('button', { name }).first();
  }

  /** Whether what is typed is hidden. */
  async isPassword(): Promise<boolean> {
    await this.box.waitFor();
    return (await this.box.getAttribute('type')) === 'password';
  }

  /** Presses Escape and waits until the input has gone. */
  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }
}

import type { Locator, Page } from 'playwright-core';

/** Messages and progress at the lower right. */
export class Notifications {
  private readonly page: Page;
  private readonly all: Locator;

  constructor(page: Page) {
    this.page = page;
    this.all = page.locator('.notifications-toasts .notification-list-item');
  }

  /** The notification with this text. */
  one(text: string | RegExp): Locator {
    return this.all.filter({ hasText: text }).first();
  }

  /** Waits for a notification and gives its whole text. */
  async waitFor(text: string | RegExp): Promise<string> {
    await this.one(text).waitFor();
    return this.one(text).innerText();
  }

  /** Presses a button of the notification; its buttons show when the mouse is over it. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const notification = this.one(text);
    await notification.hover();
    await notification.getByRole('button', { name: button, exact: true }).click();
  }

  /** The texts of those shown now. */
  async texts(): Promise<string[]> {
    return this.all.allInnerTexts();
  }

  /** Removes all that are shown. */
  async clear(): Promise<void> {
    for (let tries = 0; tries < 20 && (await this.all.count()) > 0; tries++) {
      await this.all.first().hover();
      await this.all
        .first()
        .getByRole('button', { name: /^(Clear Notification|Cancel)/ })
        .first()
        .click();
      await this.page.waitForTimeout(50);
    }
  }
}

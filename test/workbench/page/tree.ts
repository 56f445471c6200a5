import type { Locator, Page } from 'playwright-core';
import { attributes } from './attributes.ts';

/** A file as it is dropped from outside of the browser. */
export interface DroppedFile {
  readonly name: string;
  readonly text: string;
}

/** For as long something that may have gone meanwhile is waited for, in milliseconds. */
const patience = 5000;

/** A tree view in the side bar. Its items are found by their accessible names. */
export class Tree {
  private readonly page: Page;
  private readonly container: string | RegExp;
  private readonly view: string;
  private readonly tree: Locator;

  /** `container` is the title in the activity bar, `view` that of the view. */
  constructor(page: Page, container: string | RegExp, view: string) {
    this.page = page;
    this.container = container;
    this.view = view;
    this.tree = page.getByRole('tree', { name: view });
  }

  /** Shows the container, if it isn't shown, with items in the view. */
  async open(): Promise<void> {
    await this.openWith(this.tree);
  }

  /** Shows the container, if it isn't shown, and waits for what the view says while it is empty. */
  async openEmpty(welcome: string | RegExp): Promise<void> {
    const pane = this.page.locator('.pane', { has: this.page.getByLabel(`${this.view} Section`) });
    await this.openWith(pane.locator('.welcome-view-content', { hasText: welcome }));
  }

  /** A window that has just come up may not show yet what it will; a click would then hide it. */
  private async openWith(content: Locator): Promise<void> {
    const tab = this.page.getByRole('tab', { name: this.container });
    for (let tries = 0; tries < 3 && !(await content.isVisible()); tries++) {
      if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
      await content.waitFor({ timeout: 10_000 }).catch(() => undefined);
    }
    await content.waitFor();
  }

  /** Leaves the room of the view to the others of its container. */
  async collapse(): Promise<void> {
    const header = this.page.locator('.pane-header', {
      has: this.page.locator('.title', { hasText: this.view }),
    });
    const first = header.first();
    if ((await first.getAttribute('aria-expanded')) === 'true') await first.click();
  }

  /** The item with this accessible name; a string fits a part of it. */
  item(name: string | RegExp): Locator {
    return this.tree.getByRole('treeitem', { name }).first();
  }

  /** The accessible names of the items in view, in order. */
  async names(): Promise<string[]> {
    return attributes(this.tree.getByRole('treeitem'), 'aria-label');
  }

  /** Expands an item, if it isn't, and waits for a child if one is named. */
  async expand(name: string | RegExp, child?: string | RegExp): Promise<void> {
    const item = this.item(name);
    await item.waitFor();
    if ((await item.getAttribute('aria-expanded')) === 'false') {
      await item.click();
      // Where a click selects only, the arrow key expands.
      if ((await item.getAttribute('aria-expanded')) === 'false') {
        await this.page.keyboard.press('ArrowRight');
      }
    }
    if (child !== undefined) await this.item(child).waitFor();
  }

  /** Clicks an item, which opens an object. */
  async click(name: string | RegExp): Promise<void> {
    await this.item(name).click();
  }

  /** Selects items, and nothing else; they are not opened. */
  async select(...names: readonly (string | RegExp)[]): Promise<void> {
    const [first, ...others] = names;
    // Ctrl selects without opening, but adds to what is selected; a click on a prefix does not.
    await this.page.keyboard.press('Escape');
    if (first !== undefined) await this.item(first).click({ modifiers: ['Control'] });
    for (const name of others) await this.item(name).click({ modifiers: ['Control'] });
  }

  /** Presses keys in the tree. */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  /** The accessible names of the items that are selected. */
  async selected(): Promise<string[]> {
    return attributes(this.tree.locator('[role=treeitem][aria-selected=true]'), 'aria-label');
  }

  /** Chooses an entry of an item's context menu. */
  async chooseFromMenu(name: string | RegExp, entry: string | RegExp): Promise<void> {
    await this.withMenu(name, async (menu) => {
      const all = menu.locator('.action-item');
      const item = all.filter({ has: this.page.getByRole('menuitem', { name: entry }) }).first();
      await item.hover({ timeout: patience });
      await item.and(menu.locator('.focused')).waitFor({ timeout: patience });
      // By keyboard: a menu takes no click in the first moments after it has come up.
      await this.page.keyboard.press('Enter');
    });
  }

  /** The entries of an item's context menu, which is closed again. */
  async menuOf(name: string | RegExp): Promise<string[]> {
    let entries: string[] = [];
    await this.withMenu(name, async (menu) => {
      entries = await menu.getByRole('menuitem').allInnerTexts();
      await this.page.keyboard.press('Escape');
    });
    // Without the keys that stand behind them.
    return entries.map((entry) => entry.trim().split('\n')[0] ?? '').filter(Boolean);
  }

  /**
   * Opens an item's context menu and does something that closes it. The workbench closes a menu by
   * itself when its layout changes: then all of it is done again.
   */
  private async withMenu(
    name: string | RegExp,
    action: (menu: Locator) => Promise<void>,
  ): Promise<void> {
    const menu = this.page.locator('.monaco-menu').first();
    for (let tries = 1; ; tries++) {
      await this.item(name).click({ button: 'right' });
      try {
        await menu.getByRole('menuitem').first().waitFor({ timeout: patience });
        await action(menu);
        break;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
    await menu.waitFor({ state: 'hidden' });
  }

  /** Moves the mouse over an item, as a hand does. */
  async hover(name: string | RegExp): Promise<void> {
    const box = await this.item(name).boundingBox();
    if (box === null) throw new Error(`${String(name)} is not in view.`);
    await this.page.mouse.move(box.x + box.width / 3, box.y + box.height / 2, { steps: 3 });
  }

  /** Presses one of the buttons that an item shows under the mouse. */
  async pressInline(name: string | RegExp, action: string): Promise<void> {
    await this.item(name).hover();
    await this.item(name).getByRole('button', { name: action }).click();
  }

  /** Presses a button in the view's title. */
  async pressTitleAction(action: string | RegExp): Promise<void> {
    const pane = this.page.locator('.pane', { has: this.tree });
    await pane.hover();
    // The actions of a container's only view are in the container's title.
    const title = this.page.locator('.part.sidebar .composite.title');
    const button = pane.getByRole('button', { name: action });
    await button
      .or(title.getByRole('button', { name: action }))
      .first()
      .click();
  }

  /** Drags one item onto another. */
  async drag(name: string | RegExp, onto: string | RegExp): Promise<void> {
    await this.item(name).dragTo(this.item(onto));
  }

  /** Drops files from the operating system onto an item. */
  async drop(files: readonly DroppedFile[], onto: string | RegExp): Promise<void> {
    // As text: the page's own globals are not those of the tests.
    const dataTransfer = await this.page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      for (const { name, text } of ${JSON.stringify(files)}) {
        transfer.items.add(new File([text], name, { type: 'application/octet-stream' }));
      }
      return transfer;
    })()`);
    for (const event of ['dragenter', 'dragover', 'drop']) {
      await this.item(onto).dispatchEvent(event, { dataTransfer });
      await this.page.waitForTimeout(100);
    }
  }
}

import * as vscode from 'vscode';

/** A message that was shown: its text, the modal detail, and its buttons. */
export interface ShownMessage {
  readonly message: string;
  readonly detail: string;
  readonly isModal: boolean;
  readonly buttons: readonly string[];
}

type Show = (message: string, ...rest: unknown[]) => Promise<unknown>;

const kinds = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const;

/** A list that was shown to pick from: its title, placeholder and labels. */
export interface ShownList {
  readonly title: string;
  readonly placeholder: string;
  readonly labels: readonly string[];
}

/**
 * Answers messages and lists in place of a person: VS Code's test driver skips modal ones. The extension and
 * the tests have the same `vscode.window`.
 */
export class Dialogs {
  /** Everything that was shown, in order. */
  readonly shown: ShownMessage[] = [];
  readonly lists: ShownList[] = [];
  readonly #answers: string[] = [];
  readonly #picks: string[] = [];
  readonly #texts: string[] = [];
  readonly #window = vscode.window as unknown as Record<string, unknown>;
  #before: readonly (readonly [string, unknown])[] = [];

  /** From now on; nothing was shown yet, and nothing is to be answered. */
  replace(): void {
    for (const list of [this.shown, this.lists, this.#answers, this.#picks, this.#texts]) {
      list.length = 0;
    }
    this.#before = [...kinds, 'showQuickPick', 'showInputBox'].map((name) => [
      name,
      this.#window[name],
    ]);
    for (const kind of kinds) this.#window[kind] = this.#show;
    this.#window['showQuickPick'] = this.#showList;
    this.#window['showInputBox'] = () => Promise.resolve(this.#texts.shift());
  }

  /** The buttons to press on the next modal messages; without one they are cancelled. */
  answer(...buttons: readonly string[]): void {
    this.#answers.push(...buttons);
  }

  /** What to pick in the next lists, by a part of the label; without one they are escaped. */
  pick(...labels: readonly string[]): void {
    this.#picks.push(...labels);
  }

  /** What to type into the next input boxes; without one they are escaped. */
  type(...texts: readonly string[]): void {
    this.#texts.push(...texts);
  }

  /** The modal messages, and that they are the only ones up to now. */
  modals(): readonly ShownMessage[] {
    return this.shown.filter(({ isModal }) => isModal);
  }

  restore(): void {
    for (const [name, show] of this.#before) this.#window[name] = show;
  }

  readonly #showList = async (
    items: readonly vscode.QuickPickItem[] | Promise<readonly vscode.QuickPickItem[]>,
    options?: vscode.QuickPickOptions,
  ): Promise<vscode.QuickPickItem | undefined> => {
    const choices = (await items).filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
    const labels = choices.map(({ label }) => label);
    const { title = '', placeHolder: placeholder = '' } = options ?? {};
    this.lists.push({ title, placeholder, labels });
    const wanted = this.#picks.shift();
    if (wanted === undefined) return undefined;
    const choice = choices.find(({ label }) => label.includes(wanted));
    if (choice === undefined) throw new Error(`"${title}" lacks "${wanted}": ${labels.join(', ')}`);
    return choice;
  };

  readonly #show: Show = (message, ...rest) => {
    const buttons = rest.filter((item) => typeof item === 'string');
    const options = rest.find((item) => typeof item === 'object') as
      vscode.MessageOptions | undefined;
    const isModal = options?.modal === true;
    this.shown.push({ message, detail: options?.detail ?? '', isModal, buttons });
    if (!isModal) return Promise.resolve(undefined);
    const answer = this.#answers.shift();
    return answer === undefined || buttons.includes(answer)
      ? Promise.resolve(answer)
      : Promise.reject(new Error(`"${message}" has no button "${answer}": ${buttons.join(', ')}`));
  };
}

/** Dialogs that are answered in each test of a suite. */
export function useDialogs(): Dialogs {
  const dialogs = new Dialogs();
  beforeEach(() => {
    dialogs.replace();
  });
  afterEach(() => {
    dialogs.restore();
  });
  return dialogs;
}

import * as vscode from 'vscode';
import { Cancelled } from './command.ts';
import type { Choice } from './prompts.ts';

/** Thrown by a step when the person pressed the back button. */
export class Back extends Error {
  override readonly name = 'Back';
  constructor() {
    super('Back.');
  }
}

/** What one input of a dialog looks like beside its title and its place among the steps. */
export interface TextQuestion {
  readonly prompt: string;
  readonly value?: string | undefined;
  readonly placeholder?: string | undefined;
  /** Hides what is typed. */
  readonly password?: boolean | undefined;
  /** Looks at every change; an error keeps the person from going on, a warning does not. */
  readonly validate?:
    ((value: string) => string | vscode.InputBoxValidationMessage | undefined) | undefined;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** The value of the choice that is active first. */
  readonly active?: T | undefined;
  /** Makes a choice of what is typed, where the list does not know everything. */
  readonly fromText?: ((text: string) => Choice<T> | undefined) | undefined;
}

/** One question of a dialog of several; it writes its answer into the draft. */
export interface Step<Draft> {
  /** False for a question that the answers before made needless. */
  readonly applies?: ((draft: Draft) => boolean) | undefined;
  readonly ask: (draft: Draft, input: StepInput) => Promise<void>;
}

/** Asks the questions of one step, with the dialog's title and the step's number in it. */
export class StepInput {
  readonly #title: string;
  readonly #place: { readonly step: number; readonly total: number } | undefined;
  readonly #canGoBack: boolean;

  constructor(title: string, place: { step: number; total: number } | undefined, back: boolean) {
    this.#title = title;
    this.#place = place;
    this.#canGoBack = back;
  }

  /** @throws Cancelled at Escape; Back at the back button */
  text(question: TextQuestion): Promise<string> {
    const box = vscode.window.createInputBox();
    box.prompt = question.prompt;
    box.value = question.value ?? '';
    box.placeholder = question.placeholder;
    box.password = question.password === true;
    const validate = (): void => {
      box.validationMessage = question.validate?.(box.value);
    };
    // An empty box is only called wrong once the person tries to go on with it.
    if (box.value !== '') validate();
    return this.#show(box, (resolve) => [
      box.onDidChangeValue(validate),
      box.onDidAccept(() => {
        validate();
        if (!isBlocking(box.validationMessage)) resolve(box.value);
      }),
    ]);
  }

  /** @throws Cancelled at Escape; Back at the back button */
  pick<T>(question: PickQuestion<T>): Promise<T> {
    const list = vscode.window.createQuickPick<Choice<T>>();
    list.placeholder = question.placeholder;
    list.matchOnDescription = true;
    list.matchOnDetail = true;
    list.items = question.choices;
    const active = question.choices.filter((choice) => choice.value === question.active);
    if (active.length > 0) list.activeItems = active;
    return this.#show(list, (resolve) => [
      list.onDidChangeValue((text) => {
        const own = text.trim() === '' ? undefined : question.fromText?.(text.trim());
        list.items = own === undefined ? question.choices : [...question.choices, own];
      }),
      list.onDidAccept(() => {
        const [chosen] = list.selectedItems;
        if (chosen !== undefined) resolve(chosen.value);
      }),
    ]);
  }

  /**
   * Lets choose any number of choices, also none.
   *
   * @throws Cancelled at Escape; Back at the back button
   */
  pickMany<T>(question: Omit<PickQuestion<T>, 'active' | 'fromText'>): Promise<readonly T[]> {
    const list = vscode.window.createQuickPick<Choice<T>>();
    list.placeholder = question.placeholder;
    list.canSelectMany = true;
    list.items = question.choices;
    list.selectedItems = question.choices.filter(({ picked }) => picked === true);
    return this.#show(list, (resolve) => [
      list.onDidAccept(() => {
        resolve(list.selectedItems.map(({ value }) => value));
      }),
    ]);
  }

  #show<T>(
    input: vscode.InputBox | vscode.QuickPick<Choice<unknown> & vscode.QuickPickItem>,
    listen: (resolve: (value: T) => void) => readonly vscode.Disposable[],
  ): Promise<T> {
    input.title = this.#title;
    input.step = this.#place?.step;
    input.totalSteps = this.#place?.total;
    input.buttons = this.#canGoBack ? [vscode.QuickInputButtons.Back] : [];
    input.ignoreFocusOut = true;
    const subscriptions: { dispose(): unknown }[] = [input];
    return new Promise<T>((resolve, reject) => {
      subscriptions.push(
        ...listen(resolve),
        input.onDidTriggerButton(() => {
          reject(new Back());
        }),
        input.onDidHide(() => {
          reject(new Cancelled());
        }),
      );
      input.show();
    }).finally(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
  }
}

/**
 * Asks one step after the other; the back button returns to the one before.
 *
 * @throws Cancelled at Escape
 */
export async function askSteps<Draft>(
  title: string,
  steps: readonly Step<Draft>[],
  draft: Draft,
): Promise<void> {
  const applies = (step: Step<Draft>): boolean => step.applies?.(draft) ?? true;
  const before: Step<Draft>[] = [];
  for (;;) {
    const last = before.at(-1);
    const rest = steps.slice(last === undefined ? 0 : steps.indexOf(last) + 1).filter(applies);
    const [next] = rest;
    if (next === undefined) return;
    const place = { step: before.length + 1, total: before.length + rest.length };
    try {
      await next.ask(draft, new StepInput(title, place, before.length > 0));
      before.push(next);
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      before.pop();
    }
  }
}

function isBlocking(message: string | vscode.InputBoxValidationMessage | undefined): boolean {
  if (message === undefined || message === '') return false;
  return (
    typeof message === 'string' || message.severity === vscode.InputBoxValidationSeverity.Error
  );
}

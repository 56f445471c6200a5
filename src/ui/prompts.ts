import * as vscode from 'vscode';
import { Cancelled } from './command.ts';

/** A choice of {@link pick}: what is shown, and the value behind it. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Asks for a text. @throws Cancelled at Escape */
export async function askText(options: vscode.InputBoxOptions): Promise<string> {
  const answer = await vscode.window.showInputBox({ ignoreFocusOut: true, ...options });
  if (answer === undefined) throw new Cancelled();
  return answer;
}

/** Asks for one of several. @throws Cancelled at Escape */
export async function pick<T>(
  choices: readonly Choice<T>[],
  options: vscode.QuickPickOptions & { readonly canPickMany?: false },
): Promise<T> {
  const choice = await vscode.window.showQuickPick(choices, { ignoreFocusOut: true, ...options });
  if (choice === undefined) throw new Cancelled();
  return choice.value;
}

/**
 * Asks in a modal dialog whether to go on.
 * @param actions the buttons beside Cancel, the safest first
 * @returns the chosen button
 * @throws Cancelled at Cancel or Escape
 */
export async function confirm<Action extends string>(
  message: string,
  detail: string,
  ...actions: readonly [Action, ...Action[]]
): Promise<Action> {
  const chosen = await vscode.window.showWarningMessage<Action>(
    message,
    { modal: true, detail },
    ...actions,
  );
  if (chosen === undefined) throw new Cancelled();
  return chosen;
}

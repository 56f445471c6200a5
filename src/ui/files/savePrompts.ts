import * as vscode from 'vscode';
import { baseName } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { SaveConflict, TagsUnreadable } from '../../transfer/saveObject.ts';
import { Cancelled } from '../command.ts';
import { confirm } from '../prompts.ts';

/** What the person wants when a save meets somebody else's change. */
export type ConflictAnswer = 'compare' | 'overwrite' | 'cancel';

/** The questions that a save may have to ask. */
export interface SavePrompts {
  /** The object was changed, created or (without `remote`) deleted by somebody else. */
  conflict(conflict: SaveConflict): Promise<ConflictAnswer>;
  /** Whether to save without the tags. */
  tagsUnreadable(error: TagsUnreadable): Promise<boolean>;
}

/** Asks in modal dialogs. */
export const modalSavePrompts: SavePrompts = {
  async conflict(conflict) {
    const name = visibleText(baseName(conflict.address.key));
    const { remote } = conflict;
    if (remote === undefined) {
      const recreate = vscode.l10n.t('Recreate');
      const answer = await choose(
        vscode.l10n.t('“{0}” was deleted on the server after you opened it.', name),
        vscode.l10n.t('“Recreate” makes it again with your text, encrypted with the same key.'),
        recreate,
      );
      return answer === recreate ? 'overwrite' : 'cancel';
    }
    const compare = vscode.l10n.t('Compare');
    const overwrite = vscode.l10n.t('Overwrite');
    const answer = await choose(
      vscode.l10n.t('“{0}” was changed on the server after you opened it.', name),
      vscode.l10n.t(
        'It was written {0} and has {1} bytes. “Overwrite” replaces it with yours; “Compare” shows both, and nothing is saved yet.',
        remote.lastModified.toLocaleString(),
        remote.size,
      ),
      compare,
      overwrite,
    );
    if (answer === compare) return 'compare';
    return answer === overwrite ? 'overwrite' : 'cancel';
  },

  async tagsUnreadable(error) {
    const save = vscode.l10n.t('Save Without Tags');
    const detail = vscode.l10n.t('If the object has tags, they are lost by this save.');
    return (await choose(error.message, detail, save)) === save;
  },
};

/** @returns undefined at Cancel or Escape */
async function choose(
  message: string,
  detail: string,
  ...actions: readonly [string, ...string[]]
): Promise<string | undefined> {
  try {
    return await confirm(message, detail, ...actions);
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}

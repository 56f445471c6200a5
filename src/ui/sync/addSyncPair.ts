import * as v from 'valibot';
import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, defineCommand, InvalidArguments, NoConnection } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, text } from '../objects/objectArguments.ts';
import { askSteps } from '../steps.ts';
import { confirm } from '../prompts.ts';
import { PrefixNode } from '../tree/nodes.ts';
import { checkTarget } from '../workspaceSettings.ts';
import { writtenFolder } from './localFolder.ts';
import { folderWords } from './pairSettings.ts';
import { pairSteps, type PairDraft } from './pairSteps.ts';
import { isSyncNode, PairNode } from './planNodes.ts';
import { addressText, isPairName, pairArguments, pairOf, type SavedPair } from './savedPair.ts';
import type { SyncDeps } from './syncDeps.ts';

const schema = v.strictObject({
  name: v.optional(text),
  ...pairArguments,
  target: v.optional(v.picklist(['workspace', 'user'], 'expected "workspace" or "user".')),
  confirmed: v.optional(flag),
});
type AddArguments = v.InferOutput<typeof schema>;

/** "Sync…": asks for two places, saves them as a pair if wanted, and shows the plan. */
export function addSyncPairCommand(deps: SyncDeps): AnyCommand {
  return defineCommand({
    id: commandIds.addSyncPair,
    schema,
    fromTarget: (target) => {
      if (target instanceof vscode.Uri && target.scheme === 'file') {
        return { local: writtenFolder(target.fsPath, folderWords()) };
      }
      if (!(target instanceof PrefixNode)) return isSyncNode(target) ? {} : undefined;
      const { connection } = target.address;
      // As it is written: the schema takes it apart again.
      return { remote: addressText(target.address) as never, connection };
    },
    run: (args) => addSyncPair(deps, args),
  });
}

async function addSyncPair(
  deps: SyncDeps,
  args: AddArguments,
): Promise<{ readonly name: string; readonly target: 'workspace' | 'user' | undefined }> {
  const { target, confirmed, ...fields } = args;
  const isComplete =
    fields.name !== undefined &&
    (fields.local ?? fields.from) !== undefined &&
    (fields.direction ?? fields.from) !== undefined &&
    fields.remote !== undefined &&
    fields.connection !== undefined;
  const [only, ...others] = deps.connections.list();
  if (only === undefined && !isComplete) {
    throw new NoConnection();
  }
  const draft: PairDraft = { ...fields, keep: target ?? (isComplete ? 'workspace' : undefined) };
  if (!isComplete) {
    const given = { ...draft };
    await askSteps(vscode.l10n.t('Sync'), pairSteps(deps, given), draft);
    if (others.length === 0) draft.connection ??= only?.name;
  }
  const pair = savedPair(draft);
  const { keep } = draft;
  if (keep === 'workspace' || keep === 'user') {
    checkTarget(keep);
    if (deps.settings.targetOf(pair.name) === keep && confirmed !== true) {
      await confirm(
        vscode.l10n.t('Replace the pair “{0}”?', visibleText(pair.name)),
        vscode.l10n.t('Its entry in the settings is replaced. Files and objects stay.'),
        vscode.l10n.t('Replace'),
      );
    }
    await deps.settings.save(pair, keep);
  }
  if (!isComplete) {
    await vscode.commands.executeCommand(commandIds.syncNow, new PairNode(pair));
  }
  return { name: pair.name, target: keep === 'once' ? undefined : keep };
}

function savedPair(draft: PairDraft): SavedPair {
  const { remote, connection } = draft;
  if (remote === undefined || connection === undefined) {
    throw new InvalidArguments('"remote" and "connection" are missing.');
  }
  const name = draft.name ?? addressText(remote);
  if (!isPairName(name)) {
    throw new InvalidArguments('"name": expected 1 to 100 characters, and no space at the ends.');
  }
  const problems: string[] = [];
  const pair = pairOf(name, { ...draft, remote, connection }, (field, message) => {
    problems.push(`"${field}": ${message}`);
  });
  if (pair === undefined) throw new InvalidArguments(problems.join(' '));
  return pair;
}

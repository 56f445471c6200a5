import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress, type PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import { discardUnfinished, findUnfinished, type Unfinished } from '../../transfer/unfinished.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, placeFromTarget, prefixFields } from '../objects/objectArguments.ts';
import { placeFor } from '../objects/placePrompts.ts';
import { type RunOutcome, showOutcome } from '../objects/runOutcome.ts';
import { confirm } from '../prompts.ts';
import { dateText } from '../tree/dateText.ts';
import { sizeText } from '../tree/sizeText.ts';
import { withProgress } from '../withProgress.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';

const schema = v.strictObject({
  ...prefixFields,
  olderThan: v.optional(v.pipe(v.number('expected hours.'), v.minValue(0, 'expected hours.'))),
  confirmed: v.optional(flag),
});
type CleanUpArguments = v.InferOutput<typeof schema>;

/** "Clean Up Unfinished Uploads…": frees what uploads that nobody goes on with take. */
export function cleanUpUploadsCommand(deps: FileTransferDeps): AnyCommand {
  return defineCommand({
    id: commandIds.cleanUpUploads,
    schema,
    fromTarget: placeFromTarget,
    run: (args) => cleanUp(deps, args),
  });
}

async function cleanUp(deps: FileTransferDeps, args: CleanUpArguments): Promise<RunOutcome> {
  const { context, journal } = deps;
  const { olderThan = 0, confirmed, ...place } = args;
  const title = vscode.l10n.t('Clean Up Unfinished Uploads');
  const found = await placeFor(deps, place, title, 'prefix');
  if (found.type === 'object') {
    throw new InvalidArguments('Expected a bucket or prefix, and not an object.');
  }
  const unfinished = await look(deps, found.address, olderThan);
  const chosen = confirmed === true ? unfinished : await choose(unfinished, found.address, title);
  const failures: RunOutcome['failures'][number][] = [];
  await withProgress(title, async (signal, report) => {
    for (const [index, each] of chosen.entries()) {
      signal.throwIfAborted();
      report(visibleText(each.address.key), index, chosen.length);
      try {
        await discardUnfinished(context, journal, each);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures.push({ ...each.address, path: each.path, message });
      }
    }
  });
  const outcome = { succeeded: chosen.length - failures.length, failures, skipped: 0 };
  showOutcome(deps, outcome, vscode.l10n.t('{0} removed', outcome.succeeded));
  return outcome;
}

async function look(
  { context, journal, transfers }: FileTransferDeps,
  place: PrefixAddress,
  olderThan: number,
): Promise<readonly Unfinished[]> {
  const where = visibleText(formatAddress({ bucket: place.bucket, key: place.prefix }));
  const found = await withProgress(
    vscode.l10n.t('Looking for unfinished uploads below {0}', where),
    (signal) => findUnfinished(context, journal, place, signal),
  );
  const newest = Date.now() - olderThan * 3_600_000;
  const active = transfers.list().filter(({ isActive }) => isActive);
  return found.filter(({ address, begunAt }) => {
    const isUsed = active.some(({ job }) => job.uses?.(address) === true);
    return !isUsed && begunAt.getTime() <= newest;
  });
}

/** @throws Cancelled */
async function choose(
  unfinished: readonly Unfinished[],
  { bucket, prefix }: PrefixAddress,
  title: string,
): Promise<readonly Unfinished[]> {
  const note = vscode.l10n.t(
    'Some servers (MinIO) list only uploads of a whole object key: there you see those that this computer began.',
  );
  if (unfinished.length === 0) {
    const where = visibleText(formatAddress({ bucket, key: prefix }));
    await vscode.window.showInformationMessage(
      vscode.l10n.t('There is no unfinished upload below {0}. {1}', where, note),
    );
    throw new Cancelled();
  }
  const picked = await vscode.window.showQuickPick(unfinished.map(choiceOf), {
    ...{ title, canPickMany: true, ignoreFocusOut: true, placeHolder: note },
    matchOnDescription: true,
  });
  if (picked === undefined || picked.length === 0) throw new Cancelled();
  await confirm(
    vscode.l10n.t('Remove {0} unfinished transfers?', picked.length),
    vscode.l10n.t(
      'Whoever is still uploading one of them, also on another computer, fails. Objects are not touched.',
    ),
    vscode.l10n.t('Remove'),
  );
  return picked.map(({ value }) => value);
}

function choiceOf(value: Unfinished): vscode.QuickPickItem & { readonly value: Unfinished } {
  const { direction, address, begunAt, size, path } = value;
  const parts = [
    ...(direction === 'download' ? [vscode.l10n.t('partial download')] : []),
    vscode.l10n.t('since {0}', dateText(begunAt, new Date(), vscode.env.language)),
    size === undefined ? vscode.l10n.t('size unknown') : sizeText(size),
  ];
  return {
    label: visibleText(address.key),
    description: parts.join(' · '),
    detail:
      path === undefined
        ? vscode.l10n.t('Begun elsewhere')
        : vscode.l10n.t('Begun here: {0}', visibleText(path)),
    value,
  };
}

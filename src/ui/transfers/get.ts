import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { DownloadSource } from '../../transfer/downloadPlan.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { placeFields, placeFromTarget, placeOf, text } from '../objects/objectArguments.ts';
import { placeFor } from '../objects/placePrompts.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import { overwriteArgument } from './existingQuestion.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { getFiles } from './getFiles.ts';

const schema = v.strictObject({
  ...placeFields,
  objects: v.optional(v.array(v.strictObject(placeFields), 'expected a list of objects.')),
  folder: v.optional(text),
  overwrite: v.optional(overwriteArgument),
});
type GetArguments = v.InferOutput<typeof schema>;

/** "Download…": objects and everything below prefixes, into a folder. */
export function getCommand(deps: FileTransferDeps): AnyCommand {
  return defineCommand({
    id: commandIds.get,
    schema,
    fromTarget,
    run: (args) => get(deps, args),
  });
}

function fromTarget(target: unknown, selection: readonly unknown[]): GetArguments | undefined {
  const objects = selection.map(placeFromTarget).filter((place) => place !== undefined);
  return objects.length > 1 ? { objects } : placeFromTarget(target);
}

async function get(deps: FileTransferDeps, args: GetArguments): Promise<RunOutcome> {
  const { objects, folder: given, overwrite, ...place } = args;
  const title = vscode.l10n.t('Download');
  const sources =
    objects === undefined
      ? [await placeFor(deps, await asFolder(place), title, 'any')]
      : await Promise.all(objects.map(sourceOf));
  if (given !== undefined && !isAbsolute(given)) {
    throw new InvalidArguments(vscode.l10n.t('"folder": expected an absolute path.'));
  }
  const folder = given ?? (await askFolder(title));
  return await getFiles(deps, { sources, folder, overwrite });
}

async function sourceOf(
  object: v.InferOutput<typeof schema>,
  index: number,
): Promise<DownloadSource> {
  const place = placeOf(await asFolder(object));
  if (place !== undefined) return place;
  throw new InvalidArguments(`"objects.${index}": connection, bucket or key is missing.`);
}

/** A URI of VS Code's Explorer can be a directory's; only the file system knows. */
async function asFolder<Place extends GetArguments>(place: Place): Promise<Place> {
  if (place.uri === undefined || place.uri.endsWith('/')) return place;
  try {
    const uri = vscode.Uri.parse(place.uri, true);
    const { type } = await vscode.workspace.fs.stat(uri);
    return type === vscode.FileType.Directory ? { ...place, uri: `${place.uri}/` } : place;
  } catch {
    // What is wrong with it is said where it is read.
    return place;
  }
}

async function askFolder(title: string): Promise<string> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      ...{ title, canSelectFiles: false, canSelectFolders: true, canSelectMany: false },
      openLabel: vscode.l10n.t('Download Here'),
    })) ?? [];
  if (uri === undefined) throw new Cancelled();
  if (uri.scheme === 'file') return uri.fsPath;
  throw new InvalidArguments(vscode.l10n.t('Objects can be downloaded to local folders only.'));
}

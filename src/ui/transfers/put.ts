import * as v from 'valibot';
import * as vscode from 'vscode';
import { parentPrefix, type PrefixAddress } from '../../core/address.ts';
import { MalformedUriError, prefixAddressOf } from '../../core/objectUri.ts';
import { uploadFields } from '../../keys/uploadRules.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds, scheme } from '../ids.ts';
import {
  flag,
  type PlaceArguments,
  placeFromTarget,
  prefixFields,
  text,
} from '../objects/objectArguments.ts';
import { placeFor } from '../objects/placePrompts.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import { pick } from '../prompts.ts';
import { ObjectNode } from '../tree/nodes.ts';
import { overwriteArgument } from './existingQuestion.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { splitArguments } from './givenDescription.ts';
import { putFiles } from './putFiles.ts';

const schema = v.strictObject({
  ...prefixFields,
  files: v.optional(v.pipe(v.array(text, 'expected a list of paths.'), v.nonEmpty('is empty.'))),
  ...uploadFields,
  overwrite: v.optional(overwriteArgument),
  confirmed: v.optional(flag),
});
type PutArguments = v.InferOutput<typeof schema>;

/** "Upload Files or Folders…": into a bucket or prefix, encrypted as the rules say. */
export function putCommand(deps: FileTransferDeps): AnyCommand {
  return defineCommand({
    id: commandIds.put,
    schema,
    fromTarget,
    run: (args) => put(deps, args),
  });
}

/** Local files are what is uploaded; everything else says where to. */
function fromTarget(target: unknown, selection: readonly unknown[]): PutArguments | undefined {
  if (target instanceof vscode.Uri && target.scheme !== scheme) {
    const chosen = selection.length === 0 ? [target] : selection;
    const uris = chosen.filter((each) => each instanceof vscode.Uri);
    return { files: uris.map((uri) => uri.toString()) };
  }
  if (target instanceof ObjectNode) {
    const { connection, bucket, key } = target.address;
    return { connection, bucket, prefix: parentPrefix(key) };
  }
  return placeFromTarget(target);
}

async function put(deps: FileTransferDeps, args: PutArguments): Promise<RunOutcome> {
  const { files: chosen, overwrite, confirmed, ...rest } = args;
  const { place, given } = splitArguments(rest);
  const title = vscode.l10n.t('Upload');
  // What is uploaded comes first: nobody wants to type an address in vain.
  const files = chosen ?? (await askFiles(title));
  const target = await targetFor(deps, place, title);
  return await putFiles(deps, { files, target, overwrite, confirmed, given });
}

async function targetFor(
  deps: FileTransferDeps,
  args: PlaceArguments,
  title: string,
): Promise<PrefixAddress> {
  if (args.uri !== undefined) {
    try {
      // Here a folder is meant, whatever else has the name.
      const address = prefixAddressOf(vscode.Uri.parse(args.uri, true));
      if (address !== undefined) return address;
    } catch (error) {
      if (error instanceof MalformedUriError) throw new InvalidArguments(error.message);
      throw error;
    }
  }
  const place = await placeFor(deps, args, title, 'prefix');
  if (place.type === 'prefix') return place.address;
  throw new InvalidArguments('Expected a bucket or prefix, and not an object.');
}

async function askFiles(title: string): Promise<readonly string[]> {
  // Some systems have no dialog for both.
  const folders = await pick(
    [
      { label: vscode.l10n.t('Files…'), value: false },
      { label: vscode.l10n.t('Folders…'), value: true },
    ],
    { title, placeHolder: vscode.l10n.t('What to upload') },
  );
  const uris = await vscode.window.showOpenDialog({
    ...{ title, canSelectMany: true, canSelectFiles: !folders, canSelectFolders: folders },
    openLabel: vscode.l10n.t('Upload'),
  });
  if (uris === undefined || uris.length === 0) throw new Cancelled();
  return uris.map((uri) => uri.toString());
}

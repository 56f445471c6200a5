import * as vscode from 'vscode';
import { formatAddress, type ObjectAddress } from '../../core/address.ts';
import { objectAddressOf, parseS3Address } from '../../core/objectUri.ts';
import { InvalidArguments, NoConnection } from '../command.ts';
import { scheme } from '../ids.ts';
import { askText, pick } from '../prompts.ts';
import { type Place, type PlaceArguments, placeOf, withoutUri } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** The connection to use: the only one, or the one that the person picks. @throws Cancelled */
export async function askConnection(
  { connections }: Pick<ObjectDeps, 'connections'>,
  title: string,
  active?: string,
): Promise<string> {
  const [first, ...others] = connections.list();
  if (first === undefined) throw new NoConnection();
  if (others.length === 0) return first.name;
  const choices = [first, ...others]
    .map(({ name, endpoint, region }) => ({
      ...{ label: name, description: endpoint ?? `Amazon S3, ${region}`, value: name },
    }))
    .sort((one, other) => Number(other.value === active) - Number(one.value === active));
  return await pick(choices, { title, placeHolder: vscode.l10n.t('The connection') });
}

/** What an address may be: an object's, a prefix's (with a slash at the end), or both. */
export type Wanted = 'object' | 'prefix' | 'any';

/**
 * Asks for `s3://bucket/object key`.
 *
 * @param value what stands in the box at first; what follows the last slash is selected
 * @throws Cancelled
 */
export async function askAddress(
  title: string,
  prompt: string,
  value: string,
  wanted: Wanted,
): Promise<{ readonly bucket: string; readonly key: string }> {
  const answer = await askText({
    ...{ title, prompt, value, valueSelection: [value.lastIndexOf('/') + 1, value.length] },
    validateInput: (text) => problemOf(text, wanted),
  });
  return parseS3Address(answer) ?? { bucket: '', key: '' };
}

/** What keeps a text from being an address; undefined if nothing does. */
export function problemOf(text: string, wanted: Wanted): string | undefined {
  const address = parseS3Address(text);
  if (address === undefined) return vscode.l10n.t('Expected s3://bucket/object key');
  const isPrefix = address.key === '' || address.key.endsWith('/');
  if (wanted === 'object' && address.key === '') return vscode.l10n.t('The object key is missing');
  if (wanted === 'prefix' && !isPrefix) return vscode.l10n.t('A prefix ends with a slash');
  return undefined;
}

/**
 * The object that arguments name; what they leave out is asked for, beginning with the object in
 * the active editor.
 *
 * @throws InvalidArguments, Cancelled
 */
export async function objectFor(
  deps: ObjectDeps,
  args: PlaceArguments,
  title: string,
): Promise<ObjectAddress> {
  const place = await placeFor(deps, args, title, 'object');
  if (place.type === 'object') return place.address;
  throw new InvalidArguments('Expected an object, and not a prefix.');
}

/** As {@link objectFor}, for an object or a prefix. */
export async function placeFor(
  deps: Pick<ObjectDeps, 'connections'>,
  args: PlaceArguments,
  title: string,
  wanted: Wanted,
): Promise<Place> {
  const given = placeOf(args);
  if (given !== undefined) return given;
  const known = withoutUri(args);
  const active = activeObject();
  const connection = known.connection ?? (await askConnection(deps, title, active?.connection));
  const shown = active?.connection === connection ? formatAddress(active) : 's3://';
  const value = known.bucket === undefined ? shown : `s3://${known.bucket}/`;
  const prompt =
    wanted === 'object'
      ? vscode.l10n.t('The object: s3://bucket/object key')
      : vscode.l10n.t('s3://bucket/object key, or a prefix with a slash at its end');
  const { bucket, key } = await askAddress(title, prompt, value, wanted);
  const isPrefix = wanted !== 'object' && (key === '' || key.endsWith('/'));
  return isPrefix
    ? { type: 'prefix', address: { connection, bucket, prefix: key } }
    : { type: 'object', address: { connection, bucket, key } };
}

/** The object in the active editor. */
function activeObject(): ObjectAddress | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  if (!isFile || input.uri.scheme !== scheme) return undefined;
  try {
    return objectAddressOf(input.uri);
  } catch {
    return undefined;
  }
}

import * as v from 'valibot';
import * as vscode from 'vscode';
import { fromUriParts, MalformedUriError } from '../../core/objectUri.ts';
import { InvalidArguments } from '../command.ts';
import { scheme } from '../ids.ts';
import type { SelectedItem } from '../../transfer/selectionPlan.ts';
import { ConnectionNode, ObjectNode, PrefixNode } from '../tree/nodes.ts';

/** Parts of argument objects. */
export const text = v.pipe(v.string('expected a text.'), v.nonEmpty('must not be empty.'));
export const flag = v.boolean('expected true or false.');

/** How arguments name an object: by its URI, or by connection, bucket and object key. */
export const objectFields = {
  uri: v.optional(text),
  connection: v.optional(text),
  bucket: v.optional(text),
  key: v.optional(text),
};

/** How arguments name a prefix; the empty prefix is the whole bucket. */
export const prefixFields = {
  uri: v.optional(text),
  connection: v.optional(text),
  bucket: v.optional(text),
  prefix: v.optional(v.string('expected a text.')),
};

/** How arguments name an object or a prefix. */
export const placeFields = { ...objectFields, prefix: prefixFields.prefix };

/** How arguments name several of them. */
export const objectsField = v.optional(
  v.pipe(
    v.array(v.strictObject(placeFields), 'expected a list of objects.'),
    v.minLength(1, 'must not be empty.'),
    v.readonly(),
  ),
);

/** What arguments say about a place; parts may be missing. */
export interface PlaceArguments {
  readonly uri?: string | undefined;
  readonly connection?: string | undefined;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly prefix?: string | undefined;
}

/** An object, or everything below a prefix. */
export type Place = SelectedItem;

/** What arguments say about one or several places. */
export interface PlacesArguments extends PlaceArguments {
  readonly objects?: readonly PlaceArguments[] | undefined;
}

/**
 * The places of the list in arguments; undefined if there is none, so that a single place is named.
 *
 * @throws InvalidArguments if one of them is incomplete or contradicts itself
 */
export function placesIn({ objects, ...single }: PlacesArguments): readonly Place[] | undefined {
  if (objects === undefined) return undefined;
  const { uri, connection, bucket, key, prefix } = single;
  if ([uri, connection, bucket, key, prefix].some((value) => value !== undefined)) {
    throw new InvalidArguments('"objects" names all of them; leave the single place out.');
  }
  return objects.map((object, index) => {
    const place = placeOf(object);
    if (place !== undefined) return place;
    throw new InvalidArguments(`"objects.${index}": connection, bucket or key is missing.`);
  });
}

/**
 * The place that arguments name; undefined if a part is missing and has to be asked for.
 *
 * @throws InvalidArguments if they contradict themselves or are no address
 */
export function placeOf(args: PlaceArguments): Place | undefined {
  const { connection, bucket, key, prefix } = withoutUri(args);
  if (connection === undefined || bucket === undefined) return undefined;
  if (key !== undefined && prefix !== undefined) {
    throw new InvalidArguments('Either "key" or "prefix" names the place, not both.');
  }
  if (key !== undefined) return { type: 'object', address: { connection, bucket, key } };
  if (prefix === undefined) return undefined;
  if (prefix !== '' && !prefix.endsWith('/')) {
    throw new InvalidArguments('"prefix" must end with a slash, or be empty for the bucket.');
  }
  return { type: 'prefix', address: { connection, bucket, prefix } };
}

/** Arguments with a URI taken apart. @throws InvalidArguments */
export function withoutUri(args: PlaceArguments): Omit<PlaceArguments, 'uri'> {
  const { uri, connection, bucket, key, prefix } = args;
  const rest = { connection, bucket, key, prefix };
  if (uri === undefined) return rest;
  if (Object.values(rest).some((value) => value !== undefined)) {
    throw new InvalidArguments('"uri" names the whole place; leave the other parts out.');
  }
  try {
    const location = fromUriParts(parsed(uri));
    // Only the server knows whether a path is an object's or a prefix's: the object is meant.
    return location.key === undefined ? location : { ...location, prefix: undefined };
  } catch (error) {
    if (!(error instanceof MalformedUriError)) throw error;
    throw new InvalidArguments(`"uri": ${error.message}`);
  }
}

function parsed(text: string): vscode.Uri {
  try {
    const uri = vscode.Uri.parse(text, true);
    if (uri.scheme === scheme) return uri;
  } catch {
    // Said below.
  }
  throw new InvalidArguments(`"uri": expected ${scheme}://connection/bucket/object key.`);
}

/** What a menu was opened on, as arguments: an object, a prefix, a bucket or a connection. */
export function placeFromTarget(target: unknown): PlaceArguments | undefined {
  if (target instanceof vscode.Uri) return { uri: target.toString() };
  if (target instanceof ObjectNode || target instanceof PrefixNode) return { ...target.address };
  if (target instanceof ConnectionNode) return { connection: target.connection };
  return undefined;
}

/**
 * The same, of all that is selected where a menu was opened on a part of a selection. What cannot
 * be meant (connections, "Load More") is left out.
 */
export function placesFromTarget(
  target: unknown,
  selection: readonly unknown[],
): PlacesArguments | undefined {
  const selected = selection.filter(
    (node) => node instanceof ObjectNode || node instanceof PrefixNode,
  );
  if (selected.length < 2 || !selected.some((node) => node === target))
    return placeFromTarget(target);
  return { objects: selected.map(({ address }) => ({ ...address })) };
}

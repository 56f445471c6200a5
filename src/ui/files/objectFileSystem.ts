import * as vscode from 'vscode';
import { parentPrefix } from '../../core/address.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import { createMarker, listBucketDirectories, listDirectory } from './directories.ts';
import type { FailureReports } from './failureReports.ts';
import { toReadError, toWriteError } from './fileErrors.ts';
import type { FileEvents } from './fileEvents.ts';
import type { FileFinder, Found } from './fileFinder.ts';
import type { FileMoves } from './fileMoves.ts';
import type { FileReader } from './fileReader.ts';
import type { FileStates } from './fileStates.ts';
import { locationOf, tryAddressOf } from './fileUris.ts';
import type { FileWriter, WriteOptions } from './fileWriter.ts';
import { MadeMarkers } from './madeMarkers.ts';
import { isDirty, openFiles } from './openFiles.ts';
import type { SeenObjects } from './seenObjects.ts';

/** What the file system is made of. */
export interface ObjectFileSystemParts {
  readonly context: TransferContext;
  readonly seen: SeenObjects;
  readonly states: FileStates;
  readonly finder: FileFinder;
  readonly reader: FileReader;
  readonly writer: FileWriter;
  readonly moves: FileMoves;
  readonly events: FileEvents;
  readonly changes: ObjectChanges;
  readonly reports: FailureReports;
}

const directory: vscode.FileStat = { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };

/**
 * S3 objects as files: `ssec://<connection>/<bucket>/<object key>`.
 *
 * @see https://code.visualstudio.com/api/references/vscode-api#FileSystemProvider
 */
export class ObjectFileSystem implements vscode.FileSystemProvider {
  readonly #parts: ObjectFileSystemParts;
  readonly #made: MadeMarkers;
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;

  constructor(parts: ObjectFileSystemParts) {
    this.#parts = parts;
    this.#made = new MadeMarkers(parts.context.stores);
    this.onDidChangeFile = parts.events.onDidChangeFile;
  }

  watch(
    uri: vscode.Uri,
    options: { readonly recursive: boolean; readonly excludes: readonly string[] },
  ): vscode.Disposable {
    return this.#parts.events.watch(uri, options);
  }

  /** By what was seen lately, else by LIST: no customer key is needed. */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { states, reports } = this.#parts;
    try {
      const found = this.#unsaved(uri) ?? (await this.#find(uri));
      if (found === undefined) throw vscode.FileSystemError.FileNotFound(uri);
      return found.type === 'object' ? states.statOf(uri, found.object) : directory;
    } catch (error) {
      reports.ofStat(error);
      throw toReadError(error, uri);
    }
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { context, reports } = this.#parts;
    const { connection, bucket, prefix } = locationOf(uri);
    try {
      const store = await context.stores.get(connection);
      if (bucket === undefined || prefix === undefined) return await listBucketDirectories(store);
      return await listDirectory(store, { connection, bucket, prefix });
    } catch (error) {
      reports.ofRead(error, uri.toString());
      throw toReadError(error, uri);
    }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { reader, states, events, changes, context, finder } = this.#parts;
    if (await finder.isMissing(locationOf(uri))) throw vscode.FileSystemError.FileNotFound(uri);
    const address = tryAddressOf(uri);
    const knownBefore = address && context.keys.known(address);
    const read = await reader.read(uri);
    const { address: found } = read.info;
    if (context.keys.known(found) !== knownBefore)
      changes.fire({ type: 'keyKnown', address: found });
    if (states.noteRead(uri, read)) {
      // VS Code goes by the stat before this read: it is to ask again, once it has this answer.
      setTimeout(() => {
        events.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      });
    }
    return read.bytes;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array, options: WriteOptions): Promise<void> {
    const { writer, states, changes } = this.#parts;
    const { saved, isNew } = await this.#withoutMarkers(uri, () =>
      writer.write(uri, content, options, () => ({
        base: states.base(uri),
        exists: async () => (await this.#find(uri))?.type === 'object',
      })),
    );
    states.noteSaved(uri, saved);
    changes.fire({ type: isNew ? 'created' : 'changed', address: saved.info.address });
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    const { connection, bucket, prefix } = locationOf(uri);
    if (bucket === undefined || prefix === undefined || prefix === '') {
      throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Buckets are not made here.'));
    }
    // VS Code makes directories before it saves; the object itself makes its prefixes.
    if (isSavedBelow(connection, bucket, prefix)) return;
    const address = { connection, bucket, prefix };
    const { context, changes, finder } = this.#parts;
    try {
      // What was seen lately may be out of date; where something is, no marker is needed.
      const isThere = await finder.isThere(address);
      const marker = isThere ? undefined : await createMarker(context, address);
      if (marker === undefined) throw vscode.FileSystemError.FileExists(uri);
      this.#made.note({ connection, bucket, key: prefix }, marker.etag);
    } catch (error) {
      throw toWriteError(error);
    }
    changes.fire({ type: 'created', address: { connection, bucket, key: prefix } });
  }

  async delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    await this.#parts.moves.delete(uri, options.recursive);
  }

  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    const { moves } = this.#parts;
    await this.#withoutMarkers(to, () => moves.move(from, to, options.overwrite));
  }

  async copy(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    const { moves } = this.#parts;
    await this.#withoutMarkers(to, () => moves.copy(from, to, options.overwrite));
  }

  /** Takes back the directories that were made only for what is put there. */
  async #withoutMarkers<T>(to: vscode.Uri, work: () => Promise<T>): Promise<T> {
    const { changes } = this.#parts;
    const { connection, bucket, prefix } = locationOf(to);
    const isBelow = bucket !== undefined && prefix !== undefined;
    const markers = isBelow ? this.#made.take({ connection, bucket, prefix }) : [];
    try {
      return await work();
    } finally {
      const gone = await this.#made.remove(markers);
      changes.fire(...gone.map((address) => ({ type: 'deleted', address }) as const));
    }
  }

  async #find(uri: vscode.Uri): Promise<Found | undefined> {
    const { finder, states } = this.#parts;
    return await finder.find(locationOf(uri), states.base(uri) !== undefined);
  }

  /** A file with unsaved changes is not asked for: the save's condition finds what happened. */
  #unsaved(uri: vscode.Uri): Found | undefined {
    const { seen, states } = this.#parts;
    const address = tryAddressOf(uri);
    const base = states.base(uri);
    if (address === undefined || base === undefined || !isDirty(uri)) return undefined;
    const known = seen.object(address, Infinity);
    if (known === 'absent') return undefined;
    const { etag, size, mtime } = base;
    return { type: 'object', object: known ?? { etag, size, lastModified: new Date(mtime) } };
  }
}

/** Whether an editor with unsaved changes is about to make a prefix. */
function isSavedBelow(connection: string, bucket: string, prefix: string): boolean {
  return openFiles().some((uri) => {
    const address = tryAddressOf(uri);
    return (
      address?.connection === connection &&
      address.bucket === bucket &&
      parentPrefix(address.key).startsWith(prefix) &&
      isDirty(uri)
    );
  });
}

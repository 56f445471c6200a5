import * as vscode from 'vscode';
import type { ObjectAddress } from '../../core/address.ts';
import type { OpenedWith } from '../../core/keyAccess.ts';
import type { ListedObject, ObjectStore } from '../../core/objectStore.ts';
import { isStoreError } from '../../core/storeError.ts';
import { findListed } from '../../transfer/findListed.ts';
import { keyThatOpened } from '../../transfer/fittingKey.ts';
import { withPassphrase } from '../../transfer/gpgObject.ts';
import { inspectObject, type OpenedObject } from '../../transfer/openObject.ts';
import {
  createObject,
  SaveConflict,
  saveObject,
  TagsUnreadable,
} from '../../transfer/saveObject.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { FileBase } from './fileBases.ts';
import { toWriteError } from './fileErrors.ts';
import { fileAddressOf } from './fileUris.ts';
import type { SavePrompts } from './savePrompts.ts';
import { TurnsByName } from './turnsByName.ts';

/** What a write may do, as VS Code says it. */
export interface WriteOptions {
  readonly create: boolean;
  readonly overwrite: boolean;
}

/** What a write needs to know of its file. */
export interface WrittenFile {
  /** What the content is based on; undefined if this window never read the file. */
  readonly base: FileBase | undefined;
  /** Whether there is an object, asked for only without a base. */
  readonly exists: () => Promise<boolean>;
}

/** One save on its way. */
interface Save extends WriteOptions {
  readonly store: ObjectStore;
  readonly address: ObjectAddress;
  readonly bytes: Uint8Array;
  readonly base: FileBase | undefined;
  /** What it is to be encrypted with; undefined leaves it to the rules, or to what stands there. */
  readonly openedWith: OpenedWith | undefined;
  dropUnreadableTags: boolean;
}

/** Saves files: on condition that nobody else did, else as the person decides. */
export class FileWriter {
  readonly #context: TransferContext;
  readonly #prompts: SavePrompts;
  readonly #compare: (uri: vscode.Uri) => void;
  readonly #turns = new TurnsByName();

  /** @param compare shows what stands on the server beside the editor */
  constructor(context: TransferContext, prompts: SavePrompts, compare: (uri: vscode.Uri) => void) {
    this.#context = context;
    this.#prompts = prompts;
    this.#compare = compare;
  }

  /**
   * Saves of one object take turns, each on what the one before it left.
   *
   * @returns the object as it is now, and whether it is new
   * @throws FileSystemError; the object is the one before
   */
  async write(
    uri: vscode.Uri,
    bytes: Uint8Array,
    options: WriteOptions,
    look: () => WrittenFile,
  ): Promise<{ readonly saved: OpenedObject; readonly isNew: boolean }> {
    const address = fileAddressOf(uri);
    try {
      return await this.#turns.take(JSON.stringify(address), async () => {
        const { base, exists } = look();
        const isThere = base !== undefined || (await exists());
        if (!isThere && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
        if (isThere && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
        const store = await this.#context.stores.get(address.connection);
        const openedWith = await this.#openedWith(store, address, base);
        const dropUnreadableTags = false;
        const save = { store, address, bytes, base, openedWith, dropUnreadableTags, ...options };
        const saved = await this.#save(uri, save, isThere);
        return { saved, isNew: !isThere };
      });
    } catch (error) {
      throw toWriteError(error);
    }
  }

  /** Tries, asks the person about what is in the way, and tries again as they say. */
  async #save(uri: vscode.Uri, save: Save, isThere: boolean): Promise<OpenedObject> {
    let attempt = (): Promise<OpenedObject> => (isThere ? this.#change(save) : this.#create(save));
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof TagsUnreadable && (await this.#prompts.tagsUnreadable(error))) {
          save.dropUnreadableTags = true;
        } else if (error instanceof SaveConflict && save.overwrite) {
          await this.#ask(uri, error);
          const { remote } = error;
          attempt = () =>
            remote === undefined ? this.#create(save) : this.#overwrite(save, remote);
        } else {
          throw error instanceof SaveConflict ? vscode.FileSystemError.FileExists(uri) : error;
        }
      }
    }
  }

  /** @throws FileSystemError unless the person wants to overwrite what is there now */
  async #ask(uri: vscode.Uri, conflict: SaveConflict): Promise<void> {
    const answer = await this.#prompts.conflict(conflict);
    if (answer === 'overwrite') return;
    if (answer === 'compare') this.#compare(uri);
    throw vscode.FileSystemError.Unavailable(
      vscode.l10n.t(
        '{0} Your changes are not saved; they are still in the editor.',
        conflict.message,
      ),
    );
  }

  async #openedWith(
    { host }: ObjectStore,
    address: ObjectAddress,
    base: FileBase | undefined,
  ): Promise<OpenedWith | undefined> {
    if (base === undefined) return undefined;
    return base.opened?.openedWith ?? (await keyThatOpened(this.#context.keys, address, host));
  }

  /** Saves what was read before: one PUT. */
  async #change(save: Save): Promise<OpenedObject> {
    const { store, address, base, dropUnreadableTags } = save;
    const { keys, gpg } = this.#context;
    const options = { dropUnreadableTags, gpg };
    if (base?.opened !== undefined) {
      return await saveObject(store, keys, base.opened, save.bytes, options);
    }
    try {
      // Never read here, or before VS Code was closed: its properties are to be learnt first.
      const opened = await inspectObject(store, keys, address);
      if (base !== undefined && base.etag !== opened.info.etag) {
        throw new SaveConflict(address, await findListed(store, address), undefined);
      }
      const whole = await withPassphrase(this.#context, store, opened);
      return await saveObject(store, keys, whole, save.bytes, options);
    } catch (error) {
      if (!isStoreError(error, 'notFound')) throw error;
      throw new SaveConflict(address, undefined, error);
    }
  }

  async #create({ store, address, bytes, base, openedWith }: Save): Promise<OpenedObject> {
    const { keys, gpg, describeUpload } = this.#context;
    const options = { openedWith, before: base?.opened, gpg, describeUpload };
    return await createObject(store, keys, address, bytes, options);
  }

  /** Replaces what the person was shown: with its properties, and never less encrypted. */
  async #overwrite(save: Save, remote: ListedObject): Promise<OpenedObject> {
    const { store, address, bytes, dropUnreadableTags } = save;
    const { keys, gpg } = this.#context;
    const intended =
      save.openedWith ?? (save.base ? undefined : await keys.forNewObject(address, store.host));
    const theirs = await this.#theirs(save, remote);
    if (theirs.info.etag !== remote.etag) {
      throw new SaveConflict(address, await findListed(store, address), undefined);
    }
    const openedWith = intended === undefined || intended === 'none' ? theirs.openedWith : intended;
    const passphrase = save.base?.opened?.passphrase;
    const opened = { info: theirs.info, openedWith, passphrase };
    const whole = await withPassphrase(this.#context, store, opened);
    const options = { dropUnreadableTags, mayReencrypt: true, gpg };
    return await saveObject(store, keys, whole, bytes, options);
  }

  async #theirs({ store, address, base }: Save, remote: ListedObject): Promise<OpenedObject> {
    try {
      return await inspectObject(store, this.#context.keys, address);
    } catch (error) {
      const mine = base?.opened;
      const isLocked = isStoreError(error, 'customerKeyRequired', 'customerKeyMismatch');
      // A key that nobody here has opens it now: what this editor opened is what is known.
      if (isLocked && mine !== undefined && mine.openedWith !== 'none') {
        const { etag, size } = remote;
        return { ...mine, info: { ...mine.info, etag, size, tagCount: undefined } };
      }
      if (!isStoreError(error, 'notFound')) throw error;
      throw new SaveConflict(address, undefined, error);
    }
  }
}

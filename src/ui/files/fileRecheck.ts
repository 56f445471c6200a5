import pMap from 'p-map';
import * as vscode from 'vscode';
import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import { findListed } from '../../transfer/findListed.ts';
import type { StoreSource } from '../../transfer/transferContext.ts';
import type { ObjectChange } from '../objectChanges.ts';
import type { FileStates } from './fileStates.ts';
import { tryAddressOf } from './fileUris.ts';
import { openFiles } from './openFiles.ts';

/** How many open files are looked after at most, and how many at once. */
const limits = { files: 50, concurrency: 4 };

/** Files are not looked after again within this time, in ms. */
const pause = 5_000;

/**
 * Finds out whether somebody else changed the files that are open here: S3 tells nobody, and
 * asking all the time would cost. A LIST for each, when the person comes back to the window.
 */
export class FileRecheck {
  readonly #stores: StoreSource;
  readonly #states: FileStates;
  readonly #tell: (changes: readonly ObjectChange[]) => void;
  readonly #subscription: vscode.Disposable;
  #last = 0;

  constructor(
    stores: StoreSource,
    states: FileStates,
    tell: (changes: readonly ObjectChange[]) => void,
  ) {
    this.#stores = stores;
    this.#states = states;
    this.#tell = tell;
    this.#subscription = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused || Date.now() - this.#last < pause) return;
      this.#last = Date.now();
      void this.check(openFiles());
    });
  }

  /** Looks after the open files below a prefix. */
  async checkBelow({ connection, bucket, prefix }: PrefixAddress): Promise<void> {
    const isBelow = (address: ObjectAddress | undefined): boolean =>
      address?.connection === connection &&
      address.bucket === bucket &&
      address.key.startsWith(prefix);
    await this.check(openFiles().filter((uri) => isBelow(tryAddressOf(uri))));
  }

  /** Looks after files, and tells which were changed or deleted. */
  async check(uris: readonly vscode.Uri[]): Promise<void> {
    const changes = await pMap(uris.slice(0, limits.files), (uri) => this.#check(uri), {
      concurrency: limits.concurrency,
    });
    this.#tell(changes.filter((change) => change !== undefined));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #check(uri: vscode.Uri): Promise<ObjectChange | undefined> {
    const address = tryAddressOf(uri);
    const base = this.#states.base(uri);
    if (address === undefined || base === undefined) return undefined;
    try {
      const found = await findListed(await this.#stores.get(address.connection), address);
      if (found === undefined) return { type: 'deleted', address };
      return found.etag === base.etag ? undefined : { type: 'changed', address };
    } catch {
      // It stays as it was seen; what the person does next with it will tell what is wrong.
      return undefined;
    }
  }
}

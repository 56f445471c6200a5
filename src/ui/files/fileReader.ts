import type * as vscode from 'vscode';
import type { ObjectAddress } from '../../core/address.ts';
import type { ObjectInfo } from '../../core/objectStore.ts';
import { isStoreError } from '../../core/storeError.ts';
import { openContent } from '../../transfer/gpgObject.ts';
import type { ReadObject } from '../../transfer/openObject.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { FailureReports } from './failureReports.ts';
import { toReadError } from './fileErrors.ts';
import { fileAddressOf } from './fileUris.ts';
import { type LargeObjectGuard, TooLarge } from './largeObjectGuard.ts';
import type { SeenObjects } from './seenObjects.ts';

/** Reads whole objects for editors: finds the key, asks before large ones, says what went wrong. */
export class FileReader {
  readonly #context: TransferContext;
  readonly #seen: SeenObjects;
  readonly #guard: LargeObjectGuard;
  readonly #reports: FailureReports;
  readonly #tellLocked: (address: ObjectAddress) => void;

  /** @param tellLocked told of objects whose customer key is not here */
  constructor(
    context: TransferContext,
    seen: SeenObjects,
    guard: LargeObjectGuard,
    reports: FailureReports,
    tellLocked: (address: ObjectAddress) => void,
  ) {
    this.#context = context;
    this.#seen = seen;
    this.#guard = guard;
    this.#reports = reports;
    this.#tellLocked = tellLocked;
  }

  /** @throws FileSystemError; the person was told why */
  async read(uri: vscode.Uri): Promise<ReadObject> {
    const address = fileAddressOf(uri);
    try {
      return await this.#readGuarded(address);
    } catch (error) {
      if (isStoreError(error, 'customerKeyRequired', 'customerKeyMismatch')) {
        this.#tellLocked(address);
      }
      if (!(error instanceof TooLarge)) this.#reports.ofRead(error, uri.toString());
      throw toReadError(error, uri);
    }
  }

  async #readGuarded(address: ObjectAddress): Promise<ReadObject> {
    const store = await this.#context.stores.get(address.connection);
    const known = this.#seen.object(address, Infinity);
    // VS Code has just asked for the size: mostly that spares the request.
    if (typeof known === 'object' && this.#guard.isTooLarge(address, known)) {
      await this.#guard.ask(address, known);
    }
    const admit = (info: ObjectInfo): void => {
      if (this.#guard.isTooLarge(address, info)) throw new TooLarge(info);
    };
    try {
      return await openContent(this.#context, store, address, { admit });
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      await this.#guard.ask(address, error.object);
      return await openContent(this.#context, store, address, { admit });
    }
  }
}

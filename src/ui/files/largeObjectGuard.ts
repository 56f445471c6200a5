import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { Cancelled } from '../command.ts';
import type { SeenObject } from './seenObjects.ts';

/** The person did not want to open so large an object, or has not been asked yet. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly object: Pick<SeenObject, 'size' | 'etag'>;

  constructor(object: Pick<SeenObject, 'size' | 'etag'>) {
    super(
      vscode.l10n.t(
        'It was not opened: it has {0} (setting ssec.largeObjectSize).',
        inMiB(object.size),
      ),
    );
    this.object = object;
  }
}

/** In bytes. VS Code's own limit for a file in an editor; beyond it memory is at risk, too. */
const maxSize = 1024 ** 3;

/** Asks before a large object is read into memory; once for each state of it. */
export class LargeObjectGuard {
  readonly #agreed = new Set<string>();
  readonly #limit: () => number;
  readonly #ask: (message: string, detail: string, action: string) => Promise<unknown>;

  /**
   * @param limit in MiB
   * @param ask a modal question; throws if the person does not agree
   */
  constructor(
    limit: () => number,
    ask: (message: string, detail: string, action: string) => Promise<unknown>,
  ) {
    this.#limit = limit;
    this.#ask = ask;
  }

  /** Whether the person has to be asked first. */
  isTooLarge(address: ObjectAddress, object: Pick<SeenObject, 'size' | 'etag'>): boolean {
    const isLarge = object.size > Math.min(this.#limit() * 1024 * 1024, maxSize);
    return isLarge && !this.#agreed.has(stateOf(address, object));
  }

  /**
   * Asks the person.
   * @throws TooLarge if they do not agree; StoreError `unsupported` if no editor could show it
   */
  async ask(address: ObjectAddress, object: Pick<SeenObject, 'size' | 'etag'>): Promise<void> {
    if (object.size > maxSize) throw noEditorFor(address, object.size);
    const message = vscode.l10n.t(
      '“{0}” has {1}. Open it?',
      visibleText(baseName(address.key)),
      inMiB(object.size),
    );
    const detail = vscode.l10n.t(
      'All of it is read into memory, here and in the editor. Opening objects larger than {0} MiB asks first (setting ssec.largeObjectSize).',
      this.#limit(),
    );
    try {
      await this.#ask(message, detail, vscode.l10n.t('Open'));
    } catch (error) {
      throw error instanceof Cancelled ? new TooLarge(object) : error;
    }
    this.#agreed.add(stateOf(address, object));
  }
}

function noEditorFor(address: ObjectAddress, size: number): StoreError {
  const message = vscode.l10n.t(
    '“{0}” has {1}: that is more than VS Code can open.',
    visibleText(baseName(address.key)),
    inMiB(size),
  );
  return new StoreError('unsupported', message, address);
}

function stateOf(address: ObjectAddress, { etag }: Pick<SeenObject, 'etag'>): string {
  return `${formatAddress(address)} ${etag}`;
}

function inMiB(bytes: number): string {
  return `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
}

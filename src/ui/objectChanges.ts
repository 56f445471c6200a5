import * as vscode from 'vscode';
import type { ObjectAddress, PrefixAddress } from '../core/address.ts';

/** Something that this window did to objects; the tree and the file system follow it. */
export type ObjectChange =
  | { readonly type: 'created' | 'changed' | 'deleted'; readonly address: ObjectAddress }
  /** Everything below a prefix may have changed. */
  | { readonly type: 'prefixChanged'; readonly address: PrefixAddress }
  /** It became known how an object is encrypted. */
  | { readonly type: 'keyKnown'; readonly address: ObjectAddress }
  /** It became known that an object is encrypted with a customer key that is not here. */
  | { readonly type: 'keyMissing'; readonly address: ObjectAddress };

/** Tells who shows objects that they changed. */
export class ObjectChanges {
  readonly #emitter = new vscode.EventEmitter<readonly ObjectChange[]>();
  readonly onDidChange = this.#emitter.event;

  fire(...changes: readonly ObjectChange[]): void {
    if (changes.length > 0) this.#emitter.fire(changes);
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}

import type { CustomerKey, Fingerprint } from '../core/customerKey.ts';
import { covers, mergeBindings, withoutBinding, type Binding } from './bindings.ts';
import {
  itemName,
  parseItemName,
  readItem,
  workspaceIdOf,
  workspaceScopeId,
  writeItem,
  writeRemovedItem,
  type KeyItem,
} from './keyItem.ts';
import { KeyItems } from './keyItems.ts';
import { checkKeyName } from './keyName.ts';
import type { KeyOfOtherWorkspace, KeyRecord, KeyScope } from './keyRecord.ts';
import { KeyRingError } from './keyRingError.ts';
import type { SecretStore, StateStore } from './stores.ts';
import { Turns } from './turns.ts';

/** What a key ring needs. */
export interface KeyRingOptions {
  readonly secrets: SecretStore;
  /** State of the workspace and of the user, for noticing that a secret was lost. */
  readonly state: Readonly<Record<KeyScope, StateStore>>;
  /** Undefined if no folder or workspace is open: then there is only the user's scope. */
  readonly workspaceId: string | undefined;
  /** What people call the workspace; kept with its keys so that others can tell them apart. */
  readonly workspaceLabel?: string | undefined;
  readonly now?: () => Date;
}

/** A customer key to add. */
export interface NewKey {
  readonly name: string;
  readonly key: CustomerKey;
  readonly scope: KeyScope;
  readonly bindings?: readonly Binding[] | undefined;
}

/**
 * The named customer keys of this workspace and of the user. Each key is one secret, so that two
 * windows that write at once never lose a key; what another window writes is seen by events.
 * Methods throw {@link KeyRingError} for what a person can correct, and whatever the store throws.
 */
export class KeyRing {
  readonly #items: KeyItems;
  readonly #secrets: SecretStore;
  readonly #workspaceLabel: string | undefined;
  readonly #now: () => Date;
  readonly #turns = new Turns();

  constructor(options: KeyRingOptions) {
    const { secrets, state, workspaceId, workspaceLabel, now = (): Date => new Date() } = options;
    this.#items = new KeyItems({ secrets, state, workspaceId, now });
    this.#secrets = secrets;
    this.#workspaceLabel = workspaceLabel;
    this.#now = now;
  }

  /** Fires when a key was added, changed, removed or lost, also by another window. */
  get onDidChange(): KeyItems['onDidChange'] {
    return this.#items.onDidChange;
  }

  /** All customer keys: the workspace's, then the user's, each by name. Also the missing ones. */
  async list(): Promise<readonly KeyRecord[]> {
    await this.#items.load();
    return this.#items.records();
  }

  /**
   * The customer key with a fingerprint, from the workspace's key ring before the user's;
   * undefined if there is none.
   */
  async load(fingerprint: Fingerprint): Promise<CustomerKey | undefined> {
    await this.#items.load();
    return this.#items
      .scopes()
      .map((scope) => this.#items.get(scope, fingerprint)?.key)
      .find((key) => key !== undefined);
  }

  /**
   * A customer key by fingerprint, else by name; in the workspace before the user's key ring, and
   * one that is there before one that is missing. Of two keys that two windows gave the same name
   * at once, it is the older one.
   */
  async find(nameOrFingerprint: string): Promise<KeyRecord | undefined> {
    const records = (await this.list()).toSorted(
      (one, other) => Number(one.missing) - Number(other.missing),
    );
    return (
      records.find(({ fingerprint }) => fingerprint === nameOrFingerprint) ??
      records.find(({ name }) => name === nameOrFingerprint)
    );
  }

  /**
   * Whether a customer key may be sent to a bucket of a host, by what is in memory. It says no
   * until a method that answers a promise was awaited.
   */
  isBound(fingerprint: Fingerprint, host: string, bucket: string): boolean {
    return this.#items
      .scopes()
      .some((scope) => covers(this.#items.get(scope, fingerprint)?.bindings ?? [], host, bucket));
  }

  /**
   * Adds a customer key. One that the secret storage lost is restored by adding it again; it keeps
   * its bindings.
   *
   * @throws KeyRingError `invalidName`, `nameTaken`, `keyExists`, `noWorkspace`
   */
  add(added: NewKey): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#items.reload();
      const { key, scope } = added;
      const { fingerprint } = key;
      const known = this.#items
        .records()
        .find((each) => each.scope === scope && each.fingerprint === fingerprint);
      if (known?.missing === false) {
        throw new KeyRingError(
          'keyExists',
          `This customer key is here already; its name is “${known.name}”.`,
          fingerprint,
        );
      }
      const item: KeyItem = {
        name: this.#freeName(added.name, scope, fingerprint),
        key,
        bindings: mergeBindings(known?.bindings ?? [], added.bindings ?? []),
        createdAt: this.#now().toISOString(),
        workspaceLabel: scope === 'workspace' ? this.#workspaceLabel : undefined,
      };
      await this.#items.write(scope, fingerprint, writeItem(item));
      return this.#recordOf(fingerprint, scope);
    });
  }

  /** @throws KeyRingError `invalidName`, `nameTaken`, `unknownKey` */
  rename(fingerprint: Fingerprint, newName: string, scope?: KeyScope): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#items.reload();
      const record = this.#recordOf(fingerprint, scope);
      const name = this.#freeName(newName, record.scope, fingerprint);
      return this.#change(record, (item) => ({ ...item, name }));
    });
  }

  /**
   * Removes a customer key for good: what it encrypted cannot be read any more without a backup.
   *
   * @param scope the key ring to remove it from; by default the workspace's if it is there
   * @throws KeyRingError `unknownKey`
   */
  remove(fingerprint: Fingerprint, scope?: KeyScope): Promise<void> {
    return this.#turns.take(async () => {
      await this.#items.reload();
      const record = this.#recordOf(fingerprint, scope);
      const text = writeRemovedItem(this.#now().toISOString());
      await this.#items.write(record.scope, fingerprint, text);
    });
  }

  /**
   * Allows a customer key to be sent to a host, or to some of its buckets, in addition to what was
   * allowed. @throws KeyRingError `unknownKey`
   */
  bind(fingerprint: Fingerprint, binding: Binding, scope?: KeyScope): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#items.load();
      return this.#change(this.#recordOf(fingerprint, scope), (item) => ({
        ...item,
        bindings: mergeBindings(item.bindings, [binding]),
      }));
    });
  }

  /** Takes back what {@link bind} allowed; see `withoutBinding`. @throws KeyRingError `unknownKey` */
  unbind(fingerprint: Fingerprint, binding: Binding, scope?: KeyScope): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#items.load();
      return this.#change(this.#recordOf(fingerprint, scope), (item) => ({
        ...item,
        bindings: mergeBindings(withoutBinding(item.bindings, binding)),
      }));
    });
  }

  /** Customer keys that were stored for other workspaces, for example before a folder was moved. */
  async ofOtherWorkspaces(): Promise<readonly KeyOfOtherWorkspace[]> {
    const keys: KeyOfOtherWorkspace[] = [];
    for (const secretName of await this.#secrets.names()) {
      const parsed = parseItemName(secretName);
      const workspaceId = parsed && workspaceIdOf(parsed.scopeId);
      if (workspaceId === undefined || this.#items.scopeOf(secretName) !== undefined) continue;
      const item = readItem((await this.#secrets.get(secretName)) ?? '', parsed?.fingerprint ?? '');
      if (item === 'unreadable' || !('key' in item)) continue;
      const { name, key, bindings, createdAt, workspaceLabel } = item;
      const { fingerprint } = key;
      keys.push({ workspaceId, workspaceLabel, name, fingerprint, bindings, createdAt });
    }
    return keys;
  }

  /**
   * Adds a customer key of another workspace to this one's key ring (or the user's), with its
   * bindings; the other workspace keeps it too.
   *
   * @param options.name another name, if its own is taken
   * @throws KeyRingError as {@link add}, and `unknownKey`
   */
  async adopt(
    other: Pick<KeyOfOtherWorkspace, 'workspaceId' | 'fingerprint'>,
    options: { readonly scope?: KeyScope; readonly name?: string } = {},
  ): Promise<KeyRecord> {
    const secretName = itemName(workspaceScopeId(other.workspaceId), other.fingerprint);
    const item = readItem((await this.#secrets.get(secretName)) ?? '', other.fingerprint);
    if (item === 'unreadable' || !('key' in item)) throw unknownKey(other.fingerprint);
    const { scope = 'workspace', name = item.name } = options;
    return this.add({ name, key: item.key, scope, bindings: item.bindings });
  }

  dispose(): void {
    this.#items.dispose();
  }

  /** @throws KeyRingError `unknownKey` */
  #recordOf(fingerprint: Fingerprint, scope: KeyScope | undefined): KeyRecord {
    const record = this.#items
      .records()
      .find((each) => each.fingerprint === fingerprint && (scope ?? each.scope) === each.scope);
    if (record === undefined) throw unknownKey(fingerprint);
    return record;
  }

  /** @throws KeyRingError `invalidName`, `nameTaken` */
  #freeName(text: string, scope: KeyScope, fingerprint: Fingerprint): string {
    const name = checkKeyName(text);
    const isTaken = this.#items
      .records()
      .some(
        (each) => each.scope === scope && each.name === name && each.fingerprint !== fingerprint,
      );
    if (!isTaken) return name;
    throw new KeyRingError('nameTaken', `Another customer key has the name “${name}”.`, name);
  }

  /**
   * Changes what the store has now, and looks again until the change is there: another window may
   * have written in between.
   */
  async #change(record: KeyRecord, change: (item: KeyItem) => KeyItem): Promise<KeyRecord> {
    const { fingerprint, scope } = record;
    for (let attempt = 0; attempt < 5; attempt++) {
      const text = await this.#items.stored(scope, fingerprint);
      const item = readItem(text ?? '', fingerprint);
      if (item === 'unreadable' || !('key' in item)) throw unknownKey(fingerprint);
      const changed = writeItem(change(item));
      if (changed === text) break;
      await this.#items.write(scope, fingerprint, changed);
    }
    return this.#recordOf(fingerprint, scope);
  }
}

function unknownKey(fingerprint: Fingerprint): KeyRingError {
  return new KeyRingError(
    'unknownKey',
    `No key ring has the customer key ${fingerprint}, or the secret storage lost it.`,
    fingerprint,
  );
}

import type { CustomerKey, Fingerprint } from '../core/customerKey.ts';
import { Emitter, type Disposable } from '../core/emitter.ts';
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
  type ScopeId,
} from './keyItem.ts';
import { checkKeyName } from './keyName.ts';
import type { KeyOfOtherWorkspace, KeyRecord, KeyScope } from './keyRecord.ts';
import { KeyRingError } from './keyRingError.ts';
import { ShadowIndex } from './shadowIndex.ts';
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

/** How long it is remembered that a key was removed, and not lost, in ms. */
const removedFor = 30 * 24 * 60 * 60 * 1000;

/**
 * The named customer keys of this workspace and of the user. Each key is one secret, so that two
 * windows that write at once never lose a key; what another window writes is seen by events.
 * Methods throw {@link KeyRingError} for what a person can correct, and whatever the store throws.
 */
export class KeyRing {
  readonly #secrets: SecretStore;
  readonly #shadows: Readonly<Record<KeyScope, ShadowIndex>>;
  readonly #workspaceScopeId: ScopeId | undefined;
  readonly #workspaceLabel: string | undefined;
  readonly #now: () => Date;
  /** By the name of the secret; what was read of the two own scopes. */
  readonly #items = new Map<string, KeyItem | 'unreadable'>();
  /** How often each secret was read, so that an older answer never replaces a newer one. */
  readonly #reads = new Map<string, number>();
  readonly #turns = new Turns();
  readonly #didChange = new Emitter<void>();
  readonly #subscription: Disposable;
  #loaded: Promise<void> | undefined;
  #lastTold = '';

  /** Fires when a key was added, changed, removed or lost, also by another window. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: KeyRingOptions) {
    this.#secrets = options.secrets;
    this.#shadows = {
      workspace: new ShadowIndex(options.state.workspace),
      user: new ShadowIndex(options.state.user),
    };
    this.#workspaceScopeId =
      options.workspaceId === undefined ? undefined : workspaceScopeId(options.workspaceId);
    this.#workspaceLabel = options.workspaceLabel;
    this.#now = options.now ?? ((): Date => new Date());
    this.#subscription = this.#secrets.onDidChange((name) => {
      if (this.#loaded !== undefined && this.#ownScope(name)) void this.#readAndTell(name);
    });
  }

  /** All customer keys: the workspace's, then the user's, each by name. Also the missing ones. */
  async list(): Promise<readonly KeyRecord[]> {
    await this.#load();
    return this.#records();
  }

  /**
   * The customer key with a fingerprint, from the workspace's key ring before the user's;
   * undefined if there is none.
   */
  async load(fingerprint: Fingerprint): Promise<CustomerKey | undefined> {
    await this.#load();
    for (const scope of this.#scopes()) {
      const item = this.#items.get(this.#itemName(scope, fingerprint));
      if (item !== undefined && item !== 'unreadable') return item.key;
    }
    return undefined;
  }

  /**
   * A customer key by fingerprint, else by name; in the workspace before the user's key ring. Of
   * two keys that two windows gave the same name, it is the older one.
   */
  async find(nameOrFingerprint: string): Promise<KeyRecord | undefined> {
    const records = await this.list();
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
    return this.#scopes().some((scope) => {
      const item = this.#items.get(this.#itemName(scope, fingerprint));
      return item !== undefined && item !== 'unreadable' && covers(item.bindings, host, bucket);
    });
  }

  /**
   * Adds a customer key. One that the secret storage lost is restored by adding it again; it keeps
   * its bindings.
   *
   * @throws KeyRingError `invalidName`, `nameTaken`, `keyExists`, `noWorkspace`
   */
  add(added: NewKey): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#reload();
      const { key, scope } = added;
      const name = checkKeyName(added.name);
      const { fingerprint } = key;
      const known = this.#records().find(
        (record) => record.scope === scope && record.fingerprint === fingerprint,
      );
      if (known?.missing === false) {
        throw new KeyRingError(
          'keyExists',
          `This customer key is here already; its name is “${known.name}”.`,
          fingerprint,
        );
      }
      this.#checkFree(name, scope, fingerprint);
      const item: KeyItem = {
        name,
        key,
        bindings: mergeBindings(known?.bindings ?? [], added.bindings ?? []),
        createdAt: this.#now().toISOString(),
        workspaceLabel: scope === 'workspace' ? this.#workspaceLabel : undefined,
      };
      const secretName = this.#itemName(scope, fingerprint);
      await this.#secrets.set(secretName, writeItem(item));
      await this.#readAndTell(secretName);
      return this.#recordOf(fingerprint, scope);
    });
  }

  /** @throws KeyRingError `invalidName`, `nameTaken`, `unknownKey` */
  rename(fingerprint: Fingerprint, newName: string, scope?: KeyScope): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#reload();
      const record = this.#recordOf(fingerprint, scope);
      const name = checkKeyName(newName);
      this.#checkFree(name, record.scope, fingerprint);
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
      await this.#reload();
      const record = this.#recordOf(fingerprint, scope);
      const secretName = this.#itemName(record.scope, fingerprint);
      await this.#secrets.set(secretName, writeRemovedItem(this.#now().toISOString()));
      await this.#readAndTell(secretName);
    });
  }

  /**
   * Allows a customer key to be sent to a host, or to some of its buckets, in addition to what was
   * allowed. @throws KeyRingError `unknownKey`
   */
  bind(fingerprint: Fingerprint, binding: Binding, scope?: KeyScope): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#load();
      return this.#change(this.#recordOf(fingerprint, scope), (item) => ({
        ...item,
        bindings: mergeBindings(item.bindings, [binding]),
      }));
    });
  }

  /** Takes back what {@link bind} allowed; see `withoutBinding`. @throws KeyRingError `unknownKey` */
  unbind(fingerprint: Fingerprint, binding: Binding, scope?: KeyScope): Promise<KeyRecord> {
    return this.#turns.take(async () => {
      await this.#load();
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
      if (workspaceId === undefined || this.#ownScope(secretName)) continue;
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
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #scopes(): readonly KeyScope[] {
    return this.#workspaceScopeId === undefined ? ['user'] : ['workspace', 'user'];
  }

  #scopeId(scope: KeyScope): ScopeId {
    if (scope === 'user') return 'user';
    if (this.#workspaceScopeId === undefined) {
      throw new KeyRingError(
        'noWorkspace',
        'No folder or workspace is open; keep the customer key for the user instead.',
        '',
      );
    }
    return this.#workspaceScopeId;
  }

  #itemName(scope: KeyScope, fingerprint: Fingerprint): string {
    return itemName(this.#scopeId(scope), fingerprint);
  }

  #ownScope(secretName: string): KeyScope | undefined {
    const scopeId = parseItemName(secretName)?.scopeId;
    if (scopeId === undefined) return undefined;
    return this.#scopes().find((scope) => this.#scopeId(scope) === scopeId);
  }

  /** Reads everything once; changes come by events. After a failure the next call tries again. */
  #load(): Promise<void> {
    this.#loaded ??= this.#reload().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async #reload(): Promise<void> {
    const names = (await this.#secrets.names()).filter((name) => this.#ownScope(name));
    await Promise.all(
      [...new Set([...names, ...this.#items.keys()])].map((name) => this.#read(name)),
    );
    this.#loaded ??= Promise.resolve();
  }

  async #readAndTell(secretName: string): Promise<void> {
    await this.#read(secretName);
    const told = JSON.stringify(this.#records());
    if (told === this.#lastTold) return;
    this.#lastTold = told;
    this.#didChange.fire();
  }

  /** Reads one secret into memory and into the shadow index. */
  async #read(secretName: string): Promise<void> {
    const scope = this.#ownScope(secretName);
    const fingerprint = parseItemName(secretName)?.fingerprint;
    if (scope === undefined || fingerprint === undefined) return;
    const count = (this.#reads.get(secretName) ?? 0) + 1;
    this.#reads.set(secretName, count);
    const text = await this.#secrets.get(secretName);
    if (this.#reads.get(secretName) !== count) return;
    const item = text === undefined ? undefined : readItem(text, fingerprint);
    if (item === undefined) this.#items.delete(secretName);
    else if (item === 'unreadable') this.#items.set(secretName, item);
    else if ('key' in item) {
      this.#items.set(secretName, item);
      const { name, createdAt } = item;
      const bindings = mergeBindings(item.bindings);
      await this.#shadows[scope].set(fingerprint, { name, createdAt, bindings });
    } else {
      this.#items.delete(secretName);
      await this.#shadows[scope].set(fingerprint, undefined);
      const age = this.#now().getTime() - Date.parse(item.removedAt);
      if (age > removedFor) await this.#secrets.delete(secretName);
    }
  }

  #records(): readonly KeyRecord[] {
    return this.#scopes().flatMap((scope) => {
      const shadows = this.#shadows[scope].all();
      const stored = [...this.#items.keys()]
        .filter((secretName) => this.#ownScope(secretName) === scope)
        .map((secretName) => parseItemName(secretName)?.fingerprint ?? '');
      return [...new Set([...stored, ...shadows.keys()])]
        .map((fingerprint): KeyRecord => {
          const item = this.#items.get(this.#itemName(scope, fingerprint));
          const missing = item === undefined || item === 'unreadable';
          const known = missing ? shadows.get(fingerprint) : item;
          const { name = fingerprint, bindings = [], createdAt = '' } = known ?? {};
          return { name, fingerprint, scope, bindings, createdAt, missing };
        })
        .sort(byName);
    });
  }

  /** @throws KeyRingError `unknownKey` */
  #recordOf(fingerprint: Fingerprint, scope: KeyScope | undefined): KeyRecord {
    const record = this.#records().find(
      (each) => each.fingerprint === fingerprint && (scope === undefined || each.scope === scope),
    );
    if (record === undefined) throw unknownKey(fingerprint);
    return record;
  }

  #checkFree(name: string, scope: KeyScope, fingerprint: Fingerprint): void {
    const taken = this.#records().some(
      (each) => each.name === name && each.scope === scope && each.fingerprint !== fingerprint,
    );
    if (!taken) return;
    throw new KeyRingError('nameTaken', `Another customer key has the name “${name}”.`, name);
  }

  /**
   * Changes what the store has now, and looks again until the change is there: another window may
   * have written in between.
   */
  async #change(record: KeyRecord, change: (item: KeyItem) => KeyItem): Promise<KeyRecord> {
    const { fingerprint, scope } = record;
    const secretName = this.#itemName(scope, fingerprint);
    for (let attempt = 0; attempt < 5; attempt++) {
      const text = await this.#secrets.get(secretName);
      const item = readItem(text ?? '', fingerprint);
      if (item === 'unreadable' || !('key' in item)) throw unknownKey(fingerprint);
      const changed = writeItem(change(item));
      if (changed === text) break;
      await this.#secrets.set(secretName, changed);
    }
    await this.#readAndTell(secretName);
    return this.#recordOf(fingerprint, scope);
  }
}

function byName(one: KeyRecord, other: KeyRecord): number {
  return one.name.localeCompare(other.name) || one.createdAt.localeCompare(other.createdAt);
}

function unknownKey(fingerprint: Fingerprint): KeyRingError {
  return new KeyRingError(
    'unknownKey',
    `No key ring has the customer key ${fingerprint}, or the secret storage lost it.`,
    fingerprint,
  );
}

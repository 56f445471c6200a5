import type { Fingerprint } from '../core/customerKey.ts';
import { Emitter, type Disposable } from '../core/emitter.ts';
import { mergeBindings } from './bindings.ts';
import {
  itemName,
  parseItemName,
  readItem,
  workspaceScopeId,
  type KeyItem,
  type ScopeId,
} from './keyItem.ts';
import type { KeyRecord, KeyScope } from './keyRecord.ts';
import { KeyRingError } from './keyRingError.ts';
import { ShadowIndex } from './shadowIndex.ts';
import type { SecretStore, StateStore } from './stores.ts';

/** Where the items are kept, and of which workspace they are. */
export interface KeyItemsOptions {
  readonly secrets: SecretStore;
  /** State of the workspace and of the user, for noticing that a secret was lost. */
  readonly state: Readonly<Record<KeyScope, StateStore>>;
  /** Undefined if no folder or workspace is open: then there is only the user's scope. */
  readonly workspaceId: string | undefined;
  readonly now: () => Date;
}

/** How long it is remembered that a key was removed, and not lost, in ms. */
const removedFor = 30 * 24 * 60 * 60 * 1000;

/**
 * What the secret storage holds of the workspace's and the user's key ring, in memory, and kept up
 * with what this and other windows write.
 */
export class KeyItems {
  readonly #secrets: SecretStore;
  readonly #shadows: Readonly<Record<KeyScope, ShadowIndex>>;
  readonly #scopeIds: ReadonlyMap<KeyScope, ScopeId>;
  readonly #now: () => Date;
  /** By the name of the secret. */
  readonly #items = new Map<string, KeyItem | 'unreadable'>();
  /** How often each secret was read, so that an older answer never replaces a newer one. */
  readonly #reads = new Map<string, number>();
  readonly #didChange = new Emitter<void>();
  readonly #subscription: Disposable;
  #loaded: Promise<void> | undefined;
  /** What listeners know: the records as JSON. */
  #told: string | undefined;

  readonly onDidChange = this.#didChange.event;

  constructor(options: KeyItemsOptions) {
    this.#secrets = options.secrets;
    this.#now = options.now;
    this.#shadows = {
      workspace: new ShadowIndex(options.state.workspace),
      user: new ShadowIndex(options.state.user),
    };
    const { workspaceId } = options;
    this.#scopeIds = new Map([
      ...(workspaceId === undefined ? [] : [['workspace', workspaceScopeId(workspaceId)] as const]),
      ['user', 'user'],
    ]);
    this.#subscription = this.#secrets.onDidChange((secretName) => {
      // What was never read is read with everything else, when it is needed.
      if (this.#loaded !== undefined && this.scopeOf(secretName)) void this.#refresh(secretName);
    });
  }

  /** The scopes that there are, the nearest first. */
  scopes(): readonly KeyScope[] {
    return [...this.#scopeIds.keys()];
  }

  /** The scope of a secret's name; undefined if it is of another workspace or no customer key. */
  scopeOf(secretName: string): KeyScope | undefined {
    const scopeId = parseItemName(secretName)?.scopeId;
    return this.scopes().find((scope) => this.#scopeIds.get(scope) === scopeId);
  }

  /** What is in memory; undefined also if it cannot be read. */
  get(scope: KeyScope, fingerprint: Fingerprint): KeyItem | undefined {
    const item = this.#items.get(this.#name(scope, fingerprint));
    return item === 'unreadable' ? undefined : item;
  }

  /** Reads everything once; later changes come by events. After a failure it can be called again. */
  load(): Promise<void> {
    this.#loaded ??= this.reload().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  /** Reads everything again, in case that an event is still on its way. */
  async reload(): Promise<void> {
    const names = new Set([...(await this.#secrets.names()), ...this.#items.keys()]);
    await Promise.all([...names].map((secretName) => this.#read(secretName)));
    this.#loaded ??= Promise.resolve();
    this.#told ??= JSON.stringify(this.records());
  }

  /** The secret's text in the store now. */
  stored(scope: KeyScope, fingerprint: Fingerprint): Promise<string | undefined> {
    return this.#secrets.get(this.#name(scope, fingerprint));
  }

  /** @throws KeyRingError `noWorkspace` */
  async write(scope: KeyScope, fingerprint: Fingerprint, text: string): Promise<void> {
    const secretName = this.#name(scope, fingerprint);
    await this.#secrets.set(secretName, text);
    await this.#refresh(secretName);
  }

  /** The records of all customer keys, also of the missing ones: by scope, then by name. */
  records(): readonly KeyRecord[] {
    return this.scopes().flatMap((scope) => {
      const shadows = this.#shadows[scope].all();
      const stored = [...this.#items.keys()]
        .filter((secretName) => this.scopeOf(secretName) === scope)
        .map((secretName) => parseItemName(secretName)?.fingerprint ?? '');
      return [...new Set([...stored, ...shadows.keys()])]
        .map((fingerprint): KeyRecord => {
          const item = this.get(scope, fingerprint);
          const known = item ?? shadows.get(fingerprint);
          const { name = fingerprint, bindings = [], createdAt = '' } = known ?? {};
          return { name, fingerprint, scope, bindings, createdAt, missing: item === undefined };
        })
        .sort(byName);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #name(scope: KeyScope, fingerprint: Fingerprint): string {
    const scopeId = this.#scopeIds.get(scope);
    if (scopeId !== undefined) return itemName(scopeId, fingerprint);
    throw new KeyRingError(
      'noWorkspace',
      'No folder or workspace is open; keep the customer key for the user instead.',
      fingerprint,
    );
  }

  async #refresh(secretName: string): Promise<void> {
    await this.#read(secretName);
    const records = JSON.stringify(this.records());
    if (records === this.#told) return;
    this.#told = records;
    this.#didChange.fire();
  }

  /** Reads one secret into memory and into the shadow index. */
  async #read(secretName: string): Promise<void> {
    const scope = this.scopeOf(secretName);
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
      await this.#shadows[scope].set(fingerprint, { name, bindings, createdAt });
    } else {
      this.#items.delete(secretName);
      await this.#shadows[scope].set(fingerprint, undefined);
      const age = this.#now().getTime() - Date.parse(item.removedAt);
      if (age > removedFor) await this.#secrets.delete(secretName);
    }
  }
}

function byName(one: KeyRecord, other: KeyRecord): number {
  return one.name.localeCompare(other.name) || one.createdAt.localeCompare(other.createdAt);
}

import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import type { GpgAccess, GpgPassphrase } from '../core/gpg.ts';
import type { KeyAccess, OpenedWith } from '../core/keyAccess.ts';
import type {
  ListedObject,
  ObjectInfo,
  ObjectProperties,
  ObjectStore,
  ObjectTags,
  PutResult,
  WriteCondition,
} from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { withoutGaps } from '../core/uploadDescription.ts';
import { visibleText } from '../core/visibleText.ts';
import { collectBody } from './body.ts';
import { contentTypeOf } from './contentType.ts';
import { findListed } from './findListed.ts';
import { sealingOf } from './gpgObject.ts';
import { contentToSend } from './gpgSealing.ts';
import type { OpenedObject } from './openObject.ts';
import type { DescribeUpload } from './uploadOptions.ts';

/** The object is not the one that was opened: somebody else changed, created or deleted it. */
export class SaveConflict extends Error {
  override readonly name = 'SaveConflict';
  readonly address: ObjectAddress;
  /** What stands on the server now; undefined if it was deleted. */
  readonly remote: ListedObject | undefined;

  constructor(address: ObjectAddress, remote: ListedObject | undefined, cause: unknown) {
    super(
      remote === undefined
        ? `${visibleText(formatAddress(address))} was deleted on the server.`
        : `${visibleText(formatAddress(address))} was changed on the server.`,
      { cause },
    );
    this.address = address;
    this.remote = remote;
  }
}

/** The object's tags cannot be read, so that a save would drop them. */
export class TagsUnreadable extends Error {
  override readonly name = 'TagsUnreadable';

  constructor(address: ObjectAddress, cause: unknown) {
    super(
      `The tags of ${visibleText(formatAddress(address))} cannot be read (the right s3:GetObjectTagging is missing); a save would lose them.`,
      { cause },
    );
  }
}

export interface SaveOptions {
  /** Saves even if the tags cannot be read, and so without them. */
  readonly dropUnreadableTags?: boolean | undefined;
  /** Whether it may be encrypted otherwise than what stands there. */
  readonly mayReencrypt?: boolean | undefined;
  /** Needed for what GPG encrypted. */
  readonly gpg?: GpgAccess | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Saves an object as it was opened: the same key, the same properties, tags and storage class, on
 * condition that it still has the ETag that was opened. One PUT, and one GetObjectTagging if the
 * object has tags or the server does not say. What GPG encrypted is encrypted so again.
 *
 * @returns the object as it is now, for the next save
 * @throws SaveConflict, TagsUnreadable, GpgError, StoreError; in all cases the object is the one before
 */
export async function saveObject(
  store: ObjectStore,
  keys: KeyAccess,
  opened: OpenedObject,
  bytes: Uint8Array,
  options: SaveOptions = {},
): Promise<OpenedObject> {
  const { address, etag } = opened.info;
  const sealing = sealingOf(opened, options.gpg);
  const sent = await contentToSend(bytes, opened.info.properties, sealing);
  const tags = await tagsOf(store, opened.info, options);
  const condition = { type: 'matches', etag } as const;
  return await put(store, keys, address, sent.bytes, {
    ...{ openedWith: opened.openedWith, condition, tags },
    ...{ properties: sent.properties, passphrase: sent.passphrase },
    ...{ mayReencrypt: options.mayReencrypt === true, signal: options.signal },
  });
}

export interface CreateOptions {
  /** What to encrypt it with; undefined leaves it to the rules. */
  readonly openedWith?: OpenedWith | undefined;
  /** What it was, if it is made again; undefined makes it by its name and the rules. */
  readonly before?: OpenedObject | undefined;
  /** Needed for what GPG encrypted. */
  readonly gpg?: GpgAccess | undefined;
  readonly describeUpload?: DescribeUpload | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes an object where none is.
 *
 * @returns the object as it is now, for the next save
 * @throws SaveConflict if there is one; StoreError
 */
export async function createObject(
  store: ObjectStore,
  keys: KeyAccess,
  address: ObjectAddress,
  bytes: Uint8Array,
  options: CreateOptions = {},
): Promise<OpenedObject> {
  const { signal } = options;
  const openedWith = options.openedWith ?? (await keys.forNewObject(address, store.host));
  const described = options.before ? undefined : options.describeUpload?.(address);
  const sealing = options.before ? sealingOf(options.before, options.gpg) : described?.gpg;
  const properties = options.before?.info.properties ?? {
    contentType: contentTypeOf(address.key),
    ...withoutGaps(described?.properties ?? {}),
  };
  const sent = await contentToSend(bytes, properties, sealing);
  const condition = { type: 'absent' } as const;
  return await put(store, keys, address, sent.bytes, {
    ...{ openedWith, condition, tags: described?.tags, mayReencrypt: false, signal },
    ...{ properties: sent.properties, passphrase: sent.passphrase },
  });
}

interface Put {
  readonly openedWith: OpenedWith;
  readonly condition: WriteCondition;
  readonly properties: ObjectProperties;
  readonly tags: ObjectTags | undefined;
  readonly passphrase: GpgPassphrase | undefined;
  readonly mayReencrypt: boolean;
  readonly signal: AbortSignal | undefined;
}

async function put(
  store: ObjectStore,
  keys: KeyAccess,
  address: ObjectAddress,
  bytes: Uint8Array,
  { openedWith, passphrase, ...options }: Put,
): Promise<OpenedObject> {
  const { condition, properties, tags, mayReencrypt, signal } = options;
  const customerKey = openedWith === 'none' ? undefined : openedWith;
  const send = async (expected: WriteCondition): Promise<PutResult> =>
    await store.put(address, bytes, { customerKey, condition: expected, properties, tags, signal });
  let result: PutResult;
  try {
    result = await send(condition);
  } catch (error) {
    if (!isConflict(error, condition)) throw error;
    const remote = await findListed(store, address, signal);
    const isExpected = condition.type === 'matches' && remote?.etag === condition.etag;
    if (isExpected && mayReencrypt && isStoreError(error, ...keyKinds)) {
      // It is what was expected, as was seen just now, and the server won't compare by itself.
      result = await send({ type: 'any' });
    } else if (remote !== undefined && (await holds(store, remote, address, bytes, customerKey))) {
      // What stands there is what was to be written: an answer got lost, a retry met its own PUT.
      result = { etag: remote.etag, size: bytes.length };
    } else {
      throw new SaveConflict(address, remote, error);
    }
  }
  keys.remember(address, openedWith);
  return { openedWith, passphrase, info: infoOf(address, result, openedWith, options) };
}

/** What MinIO says of the key of a conditional PUT, if the object is encrypted otherwise. */
const keyKinds = ['customerKeyMismatch', 'customerKeyRequired', 'notEncrypted'] as const;

/** Where AWS says that the condition does not hold, MinIO may name the reason instead. */
function isConflict(error: unknown, condition: WriteCondition): boolean {
  if (isStoreError(error, 'conflict', ...keyKinds)) return true;
  return condition.type === 'matches' && isStoreError(error, 'notFound');
}

async function holds(
  store: ObjectStore,
  remote: ListedObject,
  address: ObjectAddress,
  bytes: Uint8Array,
  customerKey: CustomerKey | undefined,
): Promise<boolean> {
  if (remote.size !== bytes.length) return false;
  try {
    const { info, body } = await store.get(address, { customerKey, ifMatch: remote.etag });
    const found = await collectBody(body, info.size);
    // A server that takes keys for plain objects would show us somebody's plaintext as ours.
    const encrypted = info.encryption.type === 'customerKey';
    return encrypted === (customerKey !== undefined) && Buffer.compare(found, bytes) === 0;
  } catch {
    // It cannot be read with this key, or changed again: a conflict in any case.
    return false;
  }
}

async function tagsOf(
  store: ObjectStore,
  info: ObjectInfo,
  options: SaveOptions,
): Promise<ObjectTags | undefined> {
  if (info.tagCount === 0) return undefined;
  try {
    return await store.getTags(info.address, { signal: options.signal });
  } catch (error) {
    if (!isStoreError(error, 'forbidden')) throw error;
    if (options.dropUnreadableTags !== true) throw new TagsUnreadable(info.address, error);
    return undefined;
  }
}

function infoOf(
  address: ObjectAddress,
  result: PutResult,
  openedWith: OpenedWith,
  { properties, tags }: Pick<Put, 'properties' | 'tags'>,
): ObjectInfo {
  return {
    ...{ address, size: result.size, etag: result.etag, versionId: result.versionId, properties },
    // A PUT's answer has no date; the next listing tells the server's.
    lastModified: new Date(),
    tagCount: Object.keys(tags ?? {}).length,
    encryption:
      openedWith === 'none'
        ? { type: 'none' }
        : { type: 'customerKey', fingerprint: openedWith.fingerprint },
  };
}

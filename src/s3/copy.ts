import type { ObjectAddress } from '../core/address.ts';
import type { CopyOptions, CopyResult } from '../core/objectStore.ts';
import { isStoreError, type StoreError, type StoreErrorKind } from '../core/storeError.ts';
import { explainWriteRefusal } from './blockedEncryption.ts';
import { copyLimits, isInPlace, memoizedTags, type CopyLimits, type CopyTask } from './copyTask.ts';
import { verifyCopy } from './copyVerification.ts';
import { copyByServer, copyByServerInParts, copyByStream } from './copyWays.ts';
import { headObject } from './head.ts';
import { checkWritableName } from './objectNames.ts';
import type { Wire } from './wire.ts';

type Way = 'copyObject' | 'parts' | 'stream';

const ways = { copyObject: copyByServer, parts: copyByServerInParts, stream: copyByStream };

/** What makes another way worth trying: the server cannot do it, or botches it. */
const otherWayHelps: readonly StoreErrorKind[] = [
  'unsupported',
  'invalid',
  'customerKeyRequired',
  'customerKeyMismatch',
  'notEncrypted',
  'storedInPlaintext',
];

/**
 * Copies an object; see the port for what it promises. What a server cannot do goes through this
 * client, and is not tried again with this store.
 */
export async function copyObject(
  wire: Wire,
  sourceAddress: ObjectAddress,
  target: ObjectAddress,
  options: CopyOptions,
  limits: CopyLimits = copyLimits,
): Promise<CopyResult> {
  const { targetKey, condition, properties, signal } = options;
  await checkWritableName(wire, target);
  const source =
    options.source ??
    (await headObject(wire, sourceAddress, {
      customerKey: options.sourceKey,
      versionId: options.sourceVersionId,
      signal,
    }));
  const isEncrypted = source.encryption.type === 'customerKey';
  const task: CopyTask = {
    ...{ wire, source, target, targetKey, condition, signal, limits },
    sourceKey: isEncrypted ? options.sourceKey : undefined,
    properties: properties ?? source.properties,
    replaced: properties !== undefined,
    tags: memoizedTags(wire, source, signal),
    onProgress: options.onProgress ?? (() => undefined),
  };
  // Onto itself the copy may lose them before they were read.
  if (isInPlace(task) && source.tagCount !== 0) await task.tags();
  const possible = possibleWays(task);
  for (const [index, way] of possible.entries()) {
    try {
      const copied = await ways[way](task);
      const info = await verifyCopy(task, copied);
      remember(task, way);
      return { info, method: copied.method, source };
    } catch (error) {
      const last = index === possible.length - 1;
      if (!isStoreError(error)) throw error;
      if (last || !otherWayHelps.includes(error.kind)) {
        throw await explainWriteRefusal(wire, target, { customerKey: targetKey, signal }, error);
      }
      if (hasCustomerKey(task)) noteFailure(task, way, error);
    }
  }
  throw wire.error('unsupported', target);
}

/** What another object may fare better with is not held against the server. */
function noteFailure({ wire }: CopyTask, way: Way, error: StoreError): void {
  if (!isStoreError(error, 'unsupported', 'storedInPlaintext')) return;
  if (way === 'copyObject') wire.server.copyObjectFailed = true;
  if (way === 'parts') wire.server.copyPartsFailed = true;
}

function hasCustomerKey({ sourceKey, targetKey }: CopyTask): boolean {
  return sourceKey !== undefined || targetKey !== undefined;
}

/** The ways that are worth trying with this server, best first; a stream always is. */
function possibleWays(task: CopyTask): Way[] {
  const { wire, source, sourceKey, targetKey, limits } = task;
  const { habits, copyObjectFailed, copyPartsFailed } = wire.server;
  const plain = !hasCustomerKey(task);
  const sameKey = targetKey !== undefined && targetKey.fingerprint === sourceKey?.fingerprint;
  const trusted = habits.copyObject === 'trusted';
  // Ceph says clearly that it cannot copy SSE-C objects (newer ones can), but botches plain ones.
  const honest = trusted || (habits.copyObject === 'plaintext' && sourceKey !== undefined);
  const misread = habits.copyPartsDecodesTwice && /[%?]/.test(source.address.key);
  const readable = habits.copyParts && !misread;
  const inParts = readable && (trusted || sourceKey === undefined || sameKey);
  const possible: Way[] = [];
  if (source.size <= limits.single && (plain || (honest && !copyObjectFailed))) {
    possible.push('copyObject');
  }
  if (source.size > 0 && (plain ? readable : inParts && !copyPartsFailed)) {
    possible.push('parts');
  }
  return [...possible, 'stream'];
}

function remember(task: CopyTask, way: Way): void {
  if (!hasCustomerKey(task)) return;
  const { server } = task.wire;
  if (way === 'copyObject') server.copied = 'yes';
  if (way === 'parts' && server.copyObjectFailed) server.copied = 'parts';
  if (way === 'stream' && server.copyObjectFailed && server.copied === 'unknown') {
    server.copied = server.copyPartsFailed ? 'no' : 'unknown';
  }
}

import { PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { ObjectInfo } from '../core/objectStore.ts';
import { isStoreError, type StoreErrorKind } from '../core/storeError.ts';
import { isInPlace, type Copied, type CopyTask } from './copyTask.ts';
import { currentEtag } from './currentEtag.ts';
import { deleteObject } from './delete.ts';
import { headObject } from './head.ts';
import { removePlaintext } from './plaintext.ts';
import { subjectOf } from './subject.ts';

/**
 * Looks at a copy's target rather than at the copy's answer: it must be encrypted with the target's
 * key (or readable without one), as large as the source, and have its tags. What is stored in
 * plaintext is removed at once, what is wrong otherwise too.
 */
export async function verifyCopy(task: CopyTask, copied: Copied): Promise<ObjectInfo> {
  const info = await readTarget(task, copied);
  if (info.size !== task.source.size) throw await removed(task, copied, 'corrupted');
  if (copied.method === 'server') await verifySource(task, copied);
  return verifyTags(task, info);
}

async function readTarget(task: CopyTask, copied: Copied): Promise<ObjectInfo> {
  const { wire, target, targetKey, signal } = task;
  const { versionId } = copied;
  try {
    const info = await headObject(wire, target, { customerKey: targetKey, versionId, signal });
    const { encryption } = info;
    if (targetKey === undefined) return info;
    const { fingerprint } = targetKey;
    if (encryption.type === 'customerKey' && encryption.fingerprint === fingerprint) return info;
  } catch (error) {
    if (isStoreError(error, 'customerKeyRequired')) throw await removed(task, copied, 'corrupted');
    if (targetKey === undefined || !isStoreError(error, 'notEncrypted')) throw error;
  }
  if (!(await isOurs(task, copied))) throw wire.error('conflict', subjectOf(target));
  throw await removePlaintext(wire, target, { customerKey: targetKey, versionId });
}

/** Whether what stands there is still the copy: what somebody else wrote since is not removed. */
async function isOurs(
  { wire, target, targetKey: customerKey }: CopyTask,
  { versionId, etag }: Copied,
): Promise<boolean> {
  if (versionId !== undefined || etag === undefined) return true;
  return (await currentEtag(wire, target, { customerKey })) === etag;
}

/** Where the copy's condition on the source is ignored, it may have changed on the way. */
async function verifySource(task: CopyTask, copied: Copied): Promise<void> {
  const { wire, source, sourceKey: customerKey, signal } = task;
  if (wire.server.habits.conditionalSource || isInPlace(task)) return;
  const { versionId } = source;
  const now = await headObject(wire, source.address, { customerKey, versionId, signal });
  if (now.etag !== source.etag) throw await removed(task, copied, 'conflict');
}

/** Ceph forgets the tags of multipart uploads, and of copies that replace the metadata. */
async function verifyTags(task: CopyTask, info: ObjectInfo): Promise<ObjectInfo> {
  const { wire, source, target, signal } = task;
  const { tagCount } = source;
  if (tagCount === undefined || tagCount === info.tagCount) return info;
  const tags = await task.tags();
  const command = new PutObjectTaggingCommand({
    Bucket: target.bucket,
    Key: target.key,
    VersionId: info.versionId,
    Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
  });
  await wire.send(command, subjectOf(target, { signal }));
  return { ...info, tagCount };
}

async function removed(task: CopyTask, copied: Copied, kind: StoreErrorKind): Promise<Error> {
  const { wire, source, target } = task;
  const about = kind === 'conflict' ? source.address : target;
  if (!(await isOurs(task, copied))) return wire.error('conflict', subjectOf(target));
  await deleteObject(wire, target, { versionId: copied.versionId }).catch(() => undefined);
  return wire.error(kind, subjectOf(about));
}

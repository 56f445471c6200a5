import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreError } from '../core/storeError.ts';
import { compareTarget, partRanges, type Copied, type CopyTask } from './copyTask.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { quoted } from './etags.ts';
import { addExpires, taggingHeader, writeParameters } from './putParameters.ts';
import { subjectOf } from './subject.ts';
import { realVersion } from './versionIds.ts';

/** One part of a copy. */
export interface PartTask {
  readonly uploadId: string;
  readonly partNumber: number;
  readonly range: { readonly first: number; readonly last: number };
  /** The task's signal, joined with one that the failure of another part raises. */
  readonly signal: AbortSignal;
}

/** Sends one part; gives its ETag as the server said it. */
export type SendPart = (task: CopyTask, part: PartTask) => Promise<string | undefined>;

/**
 * Copies in parts: creates the upload with all properties, sends the parts side by side, completes
 * it. Whatever fails aborts the upload, so that no part stays behind.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function copyInParts(
  task: CopyTask,
  way: {
    readonly partSize: number;
    readonly concurrency: number;
    readonly send: SendPart;
  },
): Promise<Omit<Copied, 'method'>> {
  await compareTarget(task);
  const uploadId = await create(task);
  const stop = new AbortController();
  const signal =
    task.signal === undefined ? stop.signal : AbortSignal.any([task.signal, stop.signal]);
  const ranges = partRanges(task.source.size, way.partSize);
  const etags: (string | undefined)[] = [];
  let copied = 0;
  const waiting = ranges.entries();
  const worker = async (): Promise<void> => {
    for (const [index, range] of waiting) {
      const part = { uploadId, partNumber: index + 1, range, signal };
      etags[index] = await way.send(task, part);
      copied += range.last - range.first + 1;
      task.onProgress(copied);
    }
  };
  try {
    const workers = Array.from({ length: way.concurrency }, async () => {
      try {
        await worker();
      } catch (error) {
        stop.abort();
        throw error;
      }
    });
    const failed = (await Promise.allSettled(workers)).filter(
      ({ status }) => status === 'rejected',
    );
    if (failed.length > 0) throw firstCause(failed as PromiseRejectedResult[]);
    await compareTarget(task);
    return await complete(task, uploadId, etags);
  } catch (error) {
    await abort(task, uploadId);
    throw error;
  }
}

/** The failure that stopped the others, not one that was stopped. */
function firstCause(failures: readonly PromiseRejectedResult[]): unknown {
  const reasons = failures.map(({ reason }): unknown => reason);
  return reasons.find((reason) => !isStoreError(reason, 'aborted')) ?? reasons[0];
}

async function create(task: CopyTask): Promise<string> {
  const { wire, target, targetKey, properties } = task;
  const command = new CreateMultipartUploadCommand({
    Bucket: target.bucket,
    Key: target.key,
    Tagging: taggingHeader(await task.tags()),
    ...writeParameters(properties),
    ...customerKeyParameters(targetKey),
  });
  addExpires(command, properties.expires);
  // Not to be cancelled: an upload that was begun and whose id got lost could not be aborted.
  const subject = subjectOf(target, { customerKey: targetKey });
  const { UploadId } = await wire.send(command, subject);
  if (UploadId === undefined) throw wire.error('server', subject);
  return UploadId;
}

async function complete(
  task: CopyTask,
  uploadId: string,
  etags: readonly (string | undefined)[],
): Promise<Omit<Copied, 'method'>> {
  const { wire, target, targetKey, condition, signal } = task;
  const guarded = wire.server.habits.conditionalCopy;
  const command = new CompleteMultipartUploadCommand({
    Bucket: target.bucket,
    Key: target.key,
    UploadId: uploadId,
    MultipartUpload: { Parts: etags.map((ETag, index) => ({ PartNumber: index + 1, ETag })) },
    // Needed by AWS and Garage if checksums were used and by Ceph always; MinIO takes it.
    ...customerKeyParameters(targetKey),
    ...(guarded && condition.type === 'matches' && { IfMatch: quoted(condition.etag) }),
    ...(guarded && condition.type === 'absent' && { IfNoneMatch: '*' }),
  });
  try {
    const output = await wire.send(command, subjectOf(target, { customerKey: targetKey, signal }));
    return { versionId: realVersion(output.VersionId) };
  } catch (error) {
    // The first answer was lost and the upload is complete: the verification tells.
    const repeated = isStoreError(error, 'notFound') && (error.details.attempts ?? 1) > 1;
    if (repeated) return {};
    throw error;
  }
}

/**
 * A part that is still being copied while the upload is aborted may stay behind: so it is aborted
 * until it is gone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
async function abort({ wire, target }: CopyTask, uploadId: string): Promise<void> {
  const { bucket: Bucket, key: Key } = target;
  for (const milliseconds of [0, 200, 1000]) {
    await sleep(milliseconds);
    const command = new AbortMultipartUploadCommand({ Bucket, Key, UploadId: uploadId });
    // What went wrong before is what the caller has to hear.
    const outcome = await wire.send(command, subjectOf(target)).catch((error: unknown) => error);
    if (isStoreError(outcome, 'notFound')) return;
  }
}

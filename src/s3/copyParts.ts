import type { MultipartUpload, UploadedPart } from '../core/multipartStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { compareTarget, partRanges, type Copied, type CopyTask } from './copyTask.ts';
import { etagOfParts, unquoted } from './etags.ts';
import { sendComplete } from './multipartCompletion.ts';
import { abortUpload, createUpload } from './multipartRequests.ts';

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
  const upload = await create(task);
  const { uploadId } = upload;
  const stop = new AbortController();
  const signal =
    task.signal === undefined ? stop.signal : AbortSignal.any([task.signal, stop.signal]);
  const ranges = partRanges(task.source.size, way.partSize);
  const parts: UploadedPart[] = [];
  let copied = 0;
  const waiting = ranges.entries();
  const worker = async (): Promise<void> => {
    for (const [index, range] of waiting) {
      const part = { uploadId, partNumber: index + 1, range, signal };
      const size = range.last - range.first + 1;
      const etag = unquoted(await way.send(task, part));
      parts[index] = { partNumber: index + 1, etag, size };
      copied += size;
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
    return await complete(task, upload, parts);
  } catch (error) {
    // What went wrong before is what the caller has to hear.
    await abortUpload(task.wire, upload).catch(() => undefined);
    throw error;
  }
}

/** The failure that stopped the others, not one that was stopped. */
function firstCause(failures: readonly PromiseRejectedResult[]): unknown {
  const reasons = failures.map(({ reason }): unknown => reason);
  return reasons.find((reason) => !isStoreError(reason, 'aborted')) ?? reasons[0];
}

async function create(task: CopyTask): Promise<MultipartUpload> {
  const { wire, target, targetKey: customerKey, properties } = task;
  const tags = await task.tags();
  // The parts of a copy are not announced by checksums.
  return createUpload(wire, target, { customerKey, properties, tags }, 'md5');
}

async function complete(
  task: CopyTask,
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
): Promise<Omit<Copied, 'method'>> {
  const { wire, targetKey: customerKey, condition, signal } = task;
  try {
    const options = { customerKey, condition, signal };
    const { versionId, etag } = await sendComplete(wire, upload, parts, options);
    return { versionId, etag: etag ?? etagOfParts(parts.map((part) => part.etag)) };
  } catch (error) {
    // The first answer was lost and the upload is complete: the verification tells.
    const repeated = isStoreError(error, 'notFound') && (error.details.attempts ?? 1) > 1;
    if (repeated) return {};
    throw error;
  }
}

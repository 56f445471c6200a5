import type { MultipartUpload, PartSource, UploadedPart } from '../core/multipartStore.ts';
import type { ObjectInfo } from '../core/objectStore.ts';
import { ensureExpected } from './expectedObject.ts';
import { digestOf } from './filePart.ts';
import { OrderedHash } from './orderedHash.ts';
import { allOrFirstFailure } from './parallel.ts';
import { partsOf, planParts, type PlannedPart } from './partPlan.ts';
import { withRetries } from './retry.ts';
import { collectSource, sourceBytes, statedMd5, wrongContent } from './sourceBytes.ts';
import type { StreamTask } from './streamObject.ts';

/** What all parts on their way may hold together, in bytes. */
const heldAtMost = 128 * 1024 * 1024;
/** What is handed over at a time, so that the bandwidth's bound lets it flow evenly. */
const sliceSize = 64 * 1024;

/**
 * Copies a large object in parts: ranged GETs of one state of the source, several side by side,
 * each part announced to the target by its checksum. Whatever fails aborts the upload.
 */
export async function streamInParts(task: StreamTask): Promise<ObjectInfo> {
  const { from, to, targetKey: customerKey, condition, properties, tags, signal } = task;
  const { multipart } = to.store;
  // Before all the work, not only at its end.
  await withRetries(() => ensureExpected(to.store, to.address, condition, signal), task);
  const upload = await withRetries(
    () => multipart.create(to.address, { customerKey, properties, tags, signal }),
    task,
  );
  try {
    const { parts, md5 } = await sendParts(task, upload);
    const expected = statedMd5(from.info);
    if (expected !== undefined && md5 !== expected) throw wrongContent(from.info);
    const { metadata } = properties;
    return await withRetries(
      () => multipart.complete(upload, parts, { customerKey, condition, metadata, tags, signal }),
      task,
    );
  } catch (error) {
    // What went wrong before is what the caller has to hear.
    await multipart.abort(upload).catch(() => undefined);
    throw error;
  }
}

interface SentParts {
  /** By part number. */
  readonly parts: readonly UploadedPart[];
  /** Of the whole, in base64. */
  readonly md5: string;
}

async function sendParts(task: StreamTask, upload: MultipartUpload): Promise<SentParts> {
  const { from, to, targetKey: customerKey, limits, patience } = task;
  const { multipart } = to.store;
  const plan = planParts(from.info.size, task.partSize);
  const { slots } = limits;
  const hash = new OrderedHash();
  const sent = new Map<number, number>();
  let across = 0;
  const parts: UploadedPart[] = [];
  const planned = partsOf(plan);
  const worker = async (signal: AbortSignal): Promise<void> => {
    for (const part of planned) {
      const place = hash.place();
      const note = (bytes: number): void => {
        across += bytes - (sent.get(part.number) ?? 0);
        sent.set(part.number, bytes);
        task.onProgress?.(across);
      };
      try {
        // Held over both ways: a part that waits for an earlier one's turn must not keep it out.
        parts[part.number - 1] = await slots.run(async () => {
          const bytes = await bytesOf(task, part, signal);
          await withRetries(() => place.add(bytes), { patience, signal });
          const source = sourceOf(task, part, bytes, signal, note);
          return await withRetries(
            () => multipart.uploadPart(upload, part.number, source, { customerKey, signal }),
            { patience, signal },
          );
        }, signal);
      } finally {
        place.leave();
      }
    }
  };
  const workers = Math.max(1, Math.min(slots.count, Math.floor(heldAtMost / plan.partSize)));
  await allOrFirstFailure(workers, worker, task.signal);
  return { parts, md5: hash.digest() };
}

/**
 * The bytes of a part, to be gone through several times: held in memory, or, if the part is too
 * large for that (of objects above a terabyte), read from the source each time.
 */
async function bytesOf(
  task: StreamTask,
  part: PlannedPart,
  signal: AbortSignal,
): Promise<() => AsyncIterable<Uint8Array>> {
  if (part.length > heldAtMost) return () => sourceBytes(task, part, signal);
  const collect = (): Promise<Uint8Array> => collectSource(task, part, signal);
  const held = await withRetries(collect, { patience: task.patience, signal });
  return () => slicesOf(held);
}

/** A part as the store takes it. */
function sourceOf(
  { limits }: StreamTask,
  { length }: PlannedPart,
  bytes: () => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  note: (bytes: number) => void,
): PartSource {
  return {
    size: length,
    async *read() {
      let sent = 0;
      for await (const chunk of bytes()) {
        await limits.bandwidth.take(chunk.length, signal);
        yield chunk;
        sent += chunk.length;
        note(sent);
      }
    },
    digest: (algorithm) => digestOf(bytes(), algorithm),
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += sliceSize) yield bytes.subarray(at, at + sliceSize);
}

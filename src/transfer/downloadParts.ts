import { createHash } from 'node:crypto';
import { formatAddress } from '../core/address.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { expectedMd5, type BegunDownload, type FirstAnswer } from './begunDownload.ts';
import { discardBody } from './body.ts';
import type { DownloadFileOptions } from './downloadOptions.ts';
import { FileHash } from './fileHash.ts';
import { allOrFirstFailure } from './parallel.ts';
import { partAt, partsOf, type PlannedPart } from './partPlan.ts';
import { PartWriter } from './partWriter.ts';
import { aborted } from './pause.ts';
import { withRetries } from './retry.ts';
import type { TransferLimits } from './transferLimits.ts';

type Options = DownloadFileOptions & { readonly limits: TransferLimits };

/**
 * Receives the parts that are missing, several at a time, each by a ranged GET with If-Match, and
 * hashes the file behind the parts that have arrived.
 *
 * @param onPart a part is in the partial file
 * @returns the MD5 of the file, if there is one to compare it with
 */
export async function receiveParts(
  store: ObjectStore,
  begun: BegunDownload,
  options: Options,
  onPart: () => Promise<void>,
): Promise<string | undefined> {
  const { plan, partial, done, info } = begun;
  const isHashed = expectedMd5(info, options) !== undefined;
  // A small file is hashed on the way: a thread of its own would take longer to start.
  const hash = isHashed && plan.count <= 1 ? createHash('md5') : undefined;
  const fileHash =
    isHashed && plan.count > 1 ? new FileHash(partial.handle.fd, { algorithm: 'md5' }) : undefined;
  let { first } = begun;
  const report = progressOf(begun, options);
  let frontier = 1;
  const advance = (): void => {
    while (done.has(frontier)) frontier += 1;
    fileHash?.advance(Math.min(plan.size, partAt(plan, frontier).offset));
  };
  const missing = [...partsOf(plan)].filter(({ number }) => !done.has(number)).values();
  const worker = async (signal: AbortSignal): Promise<void> => {
    for (const part of missing) {
      const writer = new PartWriter(partial, part, hash);
      const attempt = async (): Promise<void> => {
        const answer = first;
        first = undefined;
        const note = (): void => {
          report(part, writer.received);
        };
        await receive(store, begun, writer, { ...options, signal }, note, answer);
      };
      await withRetries(attempt, { ...options, signal });
      done.add(part.number);
      advance();
      await onPart();
    }
  };
  try {
    advance();
    await allOrFirstFailure(options.limits.slots.count, worker, options.signal);
    if (fileHash !== undefined) return (await fileHash.finish(plan.size))[0];
    return hash?.digest('base64');
  } finally {
    if (first !== undefined) {
      await discardBody(first.body);
      first.release();
    }
    await fileHash?.stop();
  }
}

function progressOf(
  { plan, done }: BegunDownload,
  { onProgress }: Options,
): (part: PlannedPart, received: number) => void {
  const arrived = new Map([...done].map((number) => [number, partAt(plan, number).length]));
  let bytes = [...arrived.values()].reduce((sum, length) => sum + length, 0);
  return ({ number }, received) => {
    bytes += received - (arrived.get(number) ?? 0);
    arrived.set(number, received);
    onProgress?.({ bytes, total: plan.size });
  };
}

/** Receives what is missing of a part, as far as it gets. */
async function receive(
  store: ObjectStore,
  begun: BegunDownload,
  writer: PartWriter,
  options: Options,
  note: () => void,
  answer: FirstAnswer | undefined,
): Promise<void> {
  const { limits, signal } = options;
  // All had arrived, and the connection broke afterwards.
  if (writer.isWhole()) return;
  const release = answer?.release ?? (await limits.slots.acquire(signal));
  try {
    const body = answer?.body ?? (await openMissing(store, begun, writer, options));
    try {
      for await (const chunk of body) {
        await limits.bandwidth.take(chunk.length, signal);
        if (signal?.aborted === true) throw aborted();
        const left = writer.part.length - writer.received;
        // The first answer may be the whole object.
        await writer.take(answer === undefined ? chunk : chunk.subarray(0, left));
        note();
        // Only a body that was read to its end leaves its connection to the next request.
        if (answer !== undefined && chunk.length > left) break;
      }
    } finally {
      // What has arrived need not come again.
      await writer.flush();
    }
  } finally {
    release();
  }
  if (!writer.isWhole()) throw cutShort(begun, writer);
}

async function openMissing(
  store: ObjectStore,
  { info: expected }: BegunDownload,
  { missing: range }: PartWriter,
  { customerKey, versionId, signal }: Options,
): Promise<AsyncIterable<Uint8Array>> {
  const { address, etag } = expected;
  const read = { customerKey, versionId, ifMatch: etag, range, signal };
  const { info, body } = await store.get(address, read);
  if (info.etag === etag && info.size === expected.size) return body;
  // A server that doesn't know If-Match.
  await discardBody(body);
  throw new StoreError(
    'conflict',
    `${formatAddress(address)} was replaced while it was downloaded. Download it again.`,
    address,
  );
}

function cutShort({ info }: BegunDownload, { received, part }: PartWriter): StoreError {
  const message = `Only ${received} of ${part.length} bytes of a part of ${formatAddress(info.address)} arrived. Try again.`;
  return new StoreError('corrupted', message, info.address);
}

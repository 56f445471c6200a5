import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import type { ObjectAddress, PrefixAddress } from '../core/address.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { parseDownloadRecord } from './downloadJournal.ts';
import type { TransferContext } from './transferContext.ts';
import type { TransferJournal } from './transferJournal.ts';
import { parseUploadRecord } from './uploadJournal.ts';

/** Something that was begun and neither ended nor given up. */
export interface Unfinished {
  /** An upload takes space on the server, a download here. */
  readonly direction: 'upload' | 'download';
  readonly address: ObjectAddress;
  readonly begunAt: Date;
  /** What it takes, in bytes; undefined if the server does not tell. */
  readonly size: number | undefined;
  /** Of an upload. */
  readonly uploadId?: string | undefined;
  /** The local file that it is from or for, if it was begun on this computer. */
  readonly path?: string | undefined;
  /** The partial file of a download. */
  readonly partial?: string | undefined;
  /** Where it is noted, if it is. */
  readonly journalId?: string | undefined;
}

/** How many are looked at at the same time. */
const concurrency = 8;

/**
 * Finds unfinished multipart uploads below a prefix, as the server lists them and as they were
 * noted here (MinIO lists only those of a whole object key), and unfinished downloads from there.
 */
export async function findUnfinished(
  { stores }: Pick<TransferContext, 'stores'>,
  journal: TransferJournal,
  place: PrefixAddress,
  signal?: AbortSignal,
): Promise<readonly Unfinished[]> {
  const store = await stores.get(place.connection);
  const noted = await notedBelow(store, journal, place);
  const uploads = new Map<string, Unfinished>();
  const list = async (prefix: string): Promise<void> => {
    for await (const found of store.multipart.listUploads(place.bucket, prefix, signal)) {
      const address = { connection: place.connection, bucket: place.bucket, key: found.key };
      const known = noted.find(({ uploadId }) => uploadId === found.uploadId);
      if (known === undefined && !found.key.startsWith(place.prefix)) continue;
      const { path, journalId } = known ?? {};
      uploads.set(found.uploadId, {
        ...{ direction: 'upload', address, begunAt: found.initiatedAt, size: undefined },
        ...{ uploadId: found.uploadId, path, journalId },
      });
    }
  };
  await list(place.prefix);
  const ownKeys = noted.filter(({ uploadId }) => uploadId !== undefined && !uploads.has(uploadId));
  await pMap(new Set(ownKeys.map(({ address }) => address.key)), list, { concurrency });
  const sized = await pMap(
    uploads.values(),
    async (upload) => ({ ...upload, size: await sizeOf(store, upload, signal) }),
    { concurrency },
  );
  return [...sized, ...noted.filter(({ direction }) => direction === 'download')];
}

/** Gives one up: frees the parts, or removes the partial file, and forgets it. */
export async function discardUnfinished(
  { stores }: Pick<TransferContext, 'stores'>,
  journal: TransferJournal,
  { address, uploadId, partial, journalId }: Unfinished,
): Promise<void> {
  if (uploadId !== undefined) {
    const store = await stores.get(address.connection);
    await store.multipart.abort({ address, uploadId });
  }
  if (partial !== undefined) await rm(partial, { force: true });
  if (journalId !== undefined) await journal.remove(journalId);
}

async function notedBelow(
  store: ObjectStore,
  journal: TransferJournal,
  { connection, bucket, prefix }: PrefixAddress,
): Promise<readonly Unfinished[]> {
  const isBelow = (host: string, address: ObjectAddress): boolean =>
    host === store.host && address.bucket === bucket && address.key.startsWith(prefix);
  const found: Unfinished[] = [];
  for (const journalId of await journal.ids()) {
    const value = await journal.read(journalId);
    const upload = parseUploadRecord(value);
    if (upload !== undefined && isBelow(upload.host, upload.upload.address)) {
      const { uploadId, address } = upload.upload;
      found.push({
        ...{ direction: 'upload', begunAt: new Date(0), size: undefined, journalId },
        ...{ address: { ...address, connection }, uploadId, path: upload.path },
      });
    }
    const download = parseDownloadRecord(value);
    if (download !== undefined && isBelow(download.host, download.address)) {
      const { address, path } = download;
      const partial = join(dirname(path), download.partial);
      const stats = await stat(partial).catch(() => undefined);
      found.push({
        ...{ direction: 'download', path, partial, journalId },
        ...{ begunAt: stats?.birthtime ?? new Date(0), size: stats?.size ?? 0 },
        address: { ...address, connection },
      });
    }
  }
  return found;
}

/** The sum of its parts; some servers tell it only with the customer key. */
async function sizeOf(
  store: ObjectStore,
  { address, uploadId }: Unfinished,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  if (uploadId === undefined) return undefined;
  const upload = { address, uploadId, echoesKey: false, digest: 'md5' } as const;
  const parts = await store.multipart.listParts(upload, { signal }).catch(() => undefined);
  return parts?.reduce((sum, { size }) => sum + size, 0);
}

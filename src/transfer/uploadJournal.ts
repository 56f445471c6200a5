import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { ObjectAddress } from '../core/address.ts';
import type { MultipartUpload } from '../core/multipartStore.ts';
import type { ObjectProperties, ObjectStore, ObjectTags } from '../core/objectStore.ts';
import { transferId, type TransferJournal } from './transferJournal.ts';

const identity = v.object({ size: v.number(), mtimeNs: v.string(), inode: v.string() });

export const addressSchema = v.object({
  connection: v.string(),
  bucket: v.string(),
  key: v.string(),
});

const schema = v.object({
  version: v.literal(1),
  host: v.string(),
  path: v.string(),
  file: identity,
  upload: v.object({
    address: addressSchema,
    uploadId: v.string(),
    echoesKey: v.boolean(),
    digest: v.picklist(['crc32', 'md5']),
  }),
  fingerprint: v.optional(v.string()),
  partSize: v.pipe(v.number(), v.integer(), v.minValue(1)),
  description: v.string(),
  md5: v.optional(v.string()),
  digests: v.array(v.string()),
});

/** An upload in parts as it is noted right after it was begun; what has arrived, ListParts tells. */
export interface UploadRecord {
  readonly version: 1;
  readonly host: string;
  /** The file, and the state of it that is uploaded. */
  readonly path: string;
  readonly file: { readonly size: number; readonly mtimeNs: string; readonly inode: string };
  readonly upload: MultipartUpload;
  /** Of the customer key; undefined if there is none. */
  readonly fingerprint?: string | undefined;
  readonly partSize: number;
  /** See {@link describe}. */
  readonly description: string;
  /** The plaintext's, in base64, if it was computed. */
  readonly md5?: string | undefined;
  /** What the parts hashed to when that was, in order; by `upload.digest`. */
  readonly digests: readonly string[];
}

/** Tells one set of properties and tags from another, without repeating them. */
export function describe(properties: ObjectProperties, tags: ObjectTags | undefined): string {
  const text = JSON.stringify([sorted(properties), sorted(tags ?? {})]);
  return createHash('sha256').update(text).digest('base64');
}

function sorted(record: object): unknown {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' && value !== null ? sorted(value) : value,
    ])
    .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}

/** What was noted of an upload; undefined if it is something else. */
export function parseUploadRecord(value: unknown): UploadRecord | undefined {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}

/** One upload's place in a journal; without a journal nothing is kept. */
export class UploadJournal {
  readonly #journal: TransferJournal | undefined;
  readonly #id: string;

  constructor(journal: TransferJournal | undefined, address: ObjectAddress, path: string) {
    this.#journal = journal;
    this.#id = transferId('upload', address, path);
  }

  /** Whether an interrupted upload can be gone on with. */
  get keeps(): boolean {
    return this.#journal !== undefined;
  }

  async read(): Promise<UploadRecord | undefined> {
    return parseUploadRecord(await this.#journal?.read(this.#id));
  }

  async write(record: UploadRecord): Promise<void> {
    await this.#journal?.write(this.#id, record);
  }

  async remove(): Promise<void> {
    await this.#journal?.remove(this.#id);
  }
}

/** Gives up an interrupted upload: frees its parts on the server and forgets it. */
export async function abandonUpload(
  store: ObjectStore,
  journal: TransferJournal,
  address: ObjectAddress,
  path: string,
): Promise<void> {
  const own = new UploadJournal(journal, address, path);
  const record = await own.read();
  if (record !== undefined) await store.multipart.abort(record.upload);
  await own.remove();
}

import * as v from 'valibot';
import type { ObjectAddress } from '../core/address.ts';
import { transferId, type TransferJournal } from './transferJournal.ts';
import { addressSchema } from './uploadJournal.ts';

const schema = v.object({
  version: v.literal(1),
  host: v.string(),
  address: addressSchema,
  versionId: v.optional(v.string()),
  path: v.string(),
  partial: v.string(),
  etag: v.string(),
  size: v.number(),
  partSize: v.pipe(v.number(), v.integer(), v.minValue(1)),
  fingerprint: v.optional(v.string()),
  done: v.pipe(v.string(), v.hexadecimal()),
});

/** A download in parts, as it is noted from time to time. */
export interface DownloadRecord {
  readonly version: 1;
  readonly host: string;
  readonly address: ObjectAddress;
  readonly versionId?: string | undefined;
  /** Where it goes. */
  readonly path: string;
  /** The name of the partial file beside it. */
  readonly partial: string;
  /** The state of the object that is downloaded. */
  readonly etag: string;
  readonly size: number;
  readonly partSize: number;
  /** Of the customer key; undefined if there is none. */
  readonly fingerprint?: string | undefined;
  /** The parts that are on the disk; see {@link formatDone}. */
  readonly done: string;
}

/** Part numbers as a row of bits in hexadecimal digits, the first part's bit first. */
export function formatDone(done: ReadonlySet<number>, count: number): string {
  const bits = Buffer.alloc(Math.ceil(count / 8) + 1);
  for (const number of done) {
    const byte = (number - 1) >> 3;
    bits[byte] = (bits[byte] ?? 0) | (0x80 >> ((number - 1) & 7));
  }
  return bits.toString('hex');
}

/** The opposite of {@link formatDone}. */
export function parseDone(text: string, count: number): Set<number> {
  const bits = Buffer.from(text, 'hex');
  const done = new Set<number>();
  for (let number = 1; number <= count; number += 1) {
    const byte = bits[(number - 1) >> 3] ?? 0;
    if ((byte & (0x80 >> ((number - 1) & 7))) !== 0) done.add(number);
  }
  return done;
}

/** What was noted of a download; undefined if it is something else. */
export function parseDownloadRecord(value: unknown): DownloadRecord | undefined {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}

/** One download's place in a journal; without a journal nothing is kept. */
export class DownloadJournal {
  readonly #journal: TransferJournal | undefined;
  readonly #id: string;

  constructor(journal: TransferJournal | undefined, address: ObjectAddress, path: string) {
    this.#journal = journal;
    this.#id = transferId('download', address, path);
  }

  /** Whether an interrupted download can be gone on with. */
  get keeps(): boolean {
    return this.#journal !== undefined;
  }

  async read(): Promise<DownloadRecord | undefined> {
    return parseDownloadRecord(await this.#journal?.read(this.#id));
  }

  async write(record: DownloadRecord): Promise<void> {
    await this.#journal?.write(this.#id, record);
  }

  async remove(): Promise<void> {
    await this.#journal?.remove(this.#id);
  }
}

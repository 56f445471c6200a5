import type { SeenResponse } from './guardedHandler.ts';

/** The servers whose ways were measured. */
export type ServerKind = 'aws' | 'minio' | 'ceph' | 'garage' | 'other';

/** How If-Match has to be written so that it can ever hold; `none` where no way works. */
export type EtagForm = 'quoted' | 'unquoted' | 'none';

/** What is known of a kind of server before anything was tried. */
interface Habits {
  /** How a PUT's If-Match is written. */
  readonly ifMatch: EtagForm;
  /** Whether the server itself refuses every PUT whose If-Match does not hold. */
  readonly ifMatchAtomic: boolean;
  /** The same for If-None-Match. */
  readonly ifNoneMatchAtomic: boolean;
  /** Whether a copy's and a completion's condition on the target counts. */
  readonly conditionalCopy: boolean;
  /** Whether a copy's condition on the source counts. */
  readonly conditionalSource: boolean;
  /** Whether an object key with a leading slash is stored as it is. */
  readonly leadingSlash: 'kept' | 'dropped' | 'unknown';
  /** Whether reads name the number of tags if and only if there are some. */
  readonly countsTags: boolean;
  /** Whether CopyObject encrypts what it is told to encrypt, and only then. */
  readonly copyObject: 'trusted' | 'plaintext' | 'untested';
  /** Whether a copy in parts encrypts, if both keys are the same or the source is plain. */
  readonly copyParts: boolean;
  /** Whether a copy in parts decodes the source's key twice: then `a%2Fb` gives `a/b`. */
  readonly copyPartsDecodesTwice: boolean;
  /** The metadata directive that loses less. */
  readonly copyDirective: 'COPY' | 'REPLACE';
  /** Whether a body is checked against `x-amz-checksum-crc32`. */
  readonly verifiesCrc32: boolean;
}

const cautious: Habits = {
  ifMatch: 'quoted',
  ifMatchAtomic: false,
  ifNoneMatchAtomic: false,
  conditionalCopy: false,
  conditionalSource: false,
  leadingSlash: 'unknown',
  countsTags: false,
  copyObject: 'untested',
  copyParts: false,
  copyPartsDecodesTwice: false,
  copyDirective: 'REPLACE',
  verifiesCrc32: false,
};

/** Measured, see docs/compatibility.md; AWS's as documented. */
const habits: Record<ServerKind, Habits> = {
  aws: {
    ...cautious,
    ifMatchAtomic: true,
    ifNoneMatchAtomic: true,
    conditionalCopy: true,
    conditionalSource: true,
    leadingSlash: 'kept',
    copyObject: 'trusted',
    copyParts: true,
    verifiesCrc32: true,
  },
  minio: {
    ...cautious,
    ifMatchAtomic: true,
    ifNoneMatchAtomic: true,
    conditionalSource: true,
    leadingSlash: 'dropped',
    countsTags: true,
    copyObject: 'trusted',
    copyParts: true,
    verifiesCrc32: true,
  },
  ceph: {
    ...cautious,
    ifMatch: 'unquoted',
    ifMatchAtomic: true,
    // In versioned buckets it is ignored, and nothing tells beforehand whether the bucket is one.
    ifNoneMatchAtomic: false,
    leadingSlash: 'kept',
    countsTags: true,
    // From a plain source to an encrypted target it says 200 and stores plaintext.
    copyObject: 'plaintext',
    copyParts: true,
    copyPartsDecodesTwice: true,
    // With REPLACE it drops the tags.
    copyDirective: 'COPY',
  },
  garage: {
    ...cautious,
    leadingSlash: 'dropped',
    countsTags: true,
    copyObject: 'trusted',
    verifiesCrc32: true,
  },
  other: cautious,
};

/** Tells servers apart by what every answer of theirs carries. */
const marks: readonly [kind: ServerKind, header: string, value: RegExp][] = [
  ['aws', 'server', /^AmazonS3$/],
  ['minio', 'server', /^MinIO/i],
  ['garage', 'server', /^Garage/i],
  // RGW sends no Server header; its transaction ids come from Swift. A proxy before it may add one.
  ['ceph', 'x-amz-request-id', /^tx[0-9a-f]{10,}-[0-9a-f]+-/],
  ['ceph', 'x-rgw-object-type', /./],
  ['minio', 'x-minio-deployment-id', /./],
];

/** What the server of a store was seen to be and do. */
export class ServerProfile {
  /** Whether a read was seen to echo the MD5 of the customer key. */
  echoes = false;
  /** The same for parts of an upload; MinIO echoes on these and not where one is begun. */
  echoesParts = false;
  /** Whether CopyObject was seen to refuse or to botch SSE-C. */
  copyObjectFailed = false;
  /** The same for copies in parts. */
  copyPartsFailed = false;
  /** Whether SSE-C objects were seen to be copied by the server, and how. */
  copied: 'unknown' | 'yes' | 'parts' | 'no' = 'unknown';
  #countsTags = false;
  #kind: ServerKind | undefined;
  #server: string | undefined;
  #leadingSlash: Habits['leadingSlash'] = 'unknown';
  readonly #etagForms = new Map<string, { readonly form: EtagForm; readonly proven: boolean }>();

  /** The Server header, as it came last. */
  get server(): string | undefined {
    return this.#server;
  }

  /** Undefined until there was an answer. */
  get kind(): ServerKind | undefined {
    return this.#kind;
  }

  get habits(): Habits {
    return this.#kind === undefined ? cautious : habits[this.#kind];
  }

  /** Whether a read without a count of tags is of an object without tags. */
  get countsTags(): boolean {
    return this.#countsTags || this.habits.countsTags;
  }

  set countsTags(seen: boolean) {
    this.#countsTags = seen;
  }

  get leadingSlash(): Habits['leadingSlash'] {
    return this.habits.leadingSlash === 'unknown' ? this.#leadingSlash : this.habits.leadingSlash;
  }

  /** Notes what was found out where the habits don't say. */
  set leadingSlash(found: Habits['leadingSlash']) {
    this.#leadingSlash = found;
  }

  /** How If-Match is written in a bucket, as far as is known. */
  etagForm(bucket: string): EtagForm {
    return this.#etagForms.get(bucket)?.form ?? this.habits.ifMatch;
  }

  /** Whether that form was seen to be accepted in the bucket. */
  isProven(bucket: string): boolean {
    return this.#etagForms.get(bucket)?.proven === true;
  }

  learnEtagForm(bucket: string, form: EtagForm, proven: boolean): void {
    this.#etagForms.set(bucket, { form, proven });
  }

  /** Whether some bucket has to do without If-Match. */
  get comparesSomewhere(): boolean {
    return [...this.#etagForms.values()].some(({ form }) => form === 'none');
  }

  /** Learns from an answer's headers. */
  learn({ headers }: SeenResponse): void {
    this.#server = headers['server'] ?? this.#server;
    const mark = marks.find(([, name, value]) => value.test(headers[name] ?? ''));
    if (mark !== undefined) this.#kind = mark[0];
    else this.#kind ??= 'other';
  }
}

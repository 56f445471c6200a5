import type { CopyResult, ServerTraits } from '../../src/core/objectStore.ts';
import type { StoreErrorKind } from '../../src/core/storeError.ts';
import type { S3Server } from '../servers/s3Server.ts';

/** The requests of a write under a condition, once the store has talked to the server. */
interface ConditionExpectations {
  readonly create: readonly string[];
  readonly firstSave: readonly string[];
  readonly laterSave: readonly string[];
  readonly traits: ServerTraits['conditionalPut'];
}

/** Where the obligations leave room, what each server makes of it. */
interface Expectations {
  readonly conditions: {
    readonly unversioned: ConditionExpectations;
    readonly versioned: ConditionExpectations;
  };
  /** Whether the server or this client copies, by encryption of source and target. */
  readonly copyMethods: Readonly<Record<string, CopyResult['method']>>;
  /** The requests of a copy with the same key, once the ways of the server are known. */
  readonly copyRequests: readonly string[];
  readonly serverSideCopy: ServerTraits['serverSideCopy'];
  /** What a GET without the key says to those who lack the right to read an encrypted object. */
  readonly keylessGetWithoutRight: StoreErrorKind;
  /** Whether a session token beside a permanent access key is ignored. */
  readonly ignoresSessionToken: boolean;
  /** Whether a customer key that is sent for a plain object is ignored rather than refused. */
  readonly keyForPlainIsIgnored: boolean;
  readonly names: {
    /** What of nastyKeys.ts is refused. */
    readonly refused: readonly string[];
    readonly leadingSlash: 'kept' | 'dropped';
    /** Whether `a/b` is listed where there is an object `a`. */
    readonly listsBelowObject: boolean;
  };
  readonly storageClass: {
    /** One that can be written. */
    readonly write: string;
    readonly read: string | undefined;
  };
  /** What becomes of an Expires that is no date. */
  readonly expiresWhenever: string | undefined;
  readonly metadata: {
    /** What a read gives for `é 😀` written in UTF-8. */
    readonly utf8: string;
    /** The status with which bytes that are no UTF-8 are refused; undefined if they are not. */
    readonly latin1Refused: number | undefined;
  };
}

const one = ['PutObject'];
const compared = ['HeadObject', 'PutObject'];
const atomic: ConditionExpectations = {
  ...{ create: one, firstSave: one, laterSave: one },
  traits: 'atomic',
};

const awsLike: Expectations = {
  conditions: { unversioned: atomic, versioned: atomic },
  copyMethods: {
    'plain to plain': 'server',
    'plain to key A': 'server',
    'plain to key B': 'server',
    'key A to plain': 'server',
    'key A to key A': 'server',
    'key A to key B': 'server',
  },
  copyRequests: ['HeadObject', 'CopyObject', 'HeadObject'],
  serverSideCopy: 'yes',
  keylessGetWithoutRight: 'forbidden',
  ignoresSessionToken: false,
  keyForPlainIsIgnored: false,
  names: {
    refused: ['a NUL', '1,025 bytes in segments'],
    leadingSlash: 'kept',
    listsBelowObject: true,
  },
  storageClass: { write: 'REDUCED_REDUNDANCY', read: 'REDUCED_REDUNDANCY' },
  expiresWhenever: undefined,
  metadata: { utf8: '=?UTF-8?q?=C3=A9_=F0=9F=98=80?=', latin1Refused: undefined },
};

const all: Record<S3Server['like'], Expectations> = {
  minio: {
    ...awsLike,
    // It looks at the encryption before the right.
    keylessGetWithoutRight: 'customerKeyRequired',
    names: {
      refused: [
        ...['an empty segment', 'a leading slash', 'only a slash', 'two slashes at the end'],
        ...['a segment .', 'a segment ..', 'two segments .. at the start', 'only .', 'only ..'],
        ...['a NUL', '256 bytes in a segment', '1,024 bytes of emoji', '1,025 bytes in segments'],
      ],
      leadingSlash: 'dropped',
      listsBelowObject: false,
    },
  },
  ceph: {
    conditions: {
      // If-None-Match is ignored in versioned buckets, so a new object is looked for first.
      unversioned: { ...atomic, create: compared },
      versioned: {
        create: compared,
        // If-Match never holds in a versioned bucket; that it holds all the same is found out once.
        firstSave: ['PutObject', 'HeadObject', 'HeadObject', 'PutObject'],
        laterSave: compared,
        traits: 'comparedBefore',
      },
    },
    copyMethods: {
      ...awsLike.copyMethods,
      'key A to plain': 'streamed',
      'key A to key B': 'streamed',
    },
    copyRequests: [
      ...['HeadObject', 'CreateMultipartUpload', 'UploadPartCopy', 'CompleteMultipartUpload'],
      // The target, and the source once more: its condition is ignored.
      ...['HeadObject', 'HeadObject'],
    ],
    serverSideCopy: 'parts',
    keylessGetWithoutRight: 'forbidden',
    ignoresSessionToken: true,
    keyForPlainIsIgnored: true,
    names: awsLike.names,
    storageClass: { write: 'STANDARD', read: 'STANDARD' },
    expiresWhenever: 'whenever',
    metadata: { utf8: 'é 😀', latin1Refused: undefined },
  },
  aws: awsLike,
};

export function expectations({ like }: Pick<S3Server, 'like'>): Expectations {
  return all[like];
}

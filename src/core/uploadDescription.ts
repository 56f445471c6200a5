import type { ObjectProperties, ObjectTags } from './objectStore.ts';

/** What a new object is given beside its bytes and its customer key. */
export interface UploadDescription {
  readonly properties?: ObjectProperties | undefined;
  readonly tags?: ObjectTags | undefined;
  /** Whether `s3cmd-attrs` is written beside rclone's metadata. */
  readonly s3cmdAttributes?: boolean | undefined;
  /** The name of the passphrase that GPG encrypts it with before it is sent. */
  readonly gpg?: string | undefined;
}

/**
 * The more specific description over the broader one, field by field; metadata and tags by name.
 */
export function joinDescriptions(
  broad: UploadDescription,
  specific: UploadDescription,
): UploadDescription {
  const metadata = joined(broad.properties?.metadata, specific.properties?.metadata);
  return {
    properties: { ...broad.properties, ...withoutGaps(specific.properties ?? {}), metadata },
    tags: joined(broad.tags, specific.tags),
    s3cmdAttributes: specific.s3cmdAttributes ?? broad.s3cmdAttributes,
    gpg: specific.gpg ?? broad.gpg,
  };
}

function joined(
  broad: Readonly<Record<string, string>> | undefined,
  specific: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return broad === undefined && specific === undefined ? undefined : { ...broad, ...specific };
}

/** The fields that have a value: a spread takes `undefined` for one. */
export function withoutGaps<T extends object>(fields: T): Partial<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

import type { ObjectProperties, ObjectTags } from '../core/objectStore.ts';
import type { UploadDescription } from '../core/uploadDescription.ts';

/** What was written about headers cannot be used; the message says why and repeats no value. */
export class UploadHeaderError extends Error {
  override readonly name = 'UploadHeaderError';
}

type Field = Exclude<keyof ObjectProperties, 'metadata'>;

/** The headers that describe an object, and the properties that they are. */
const fields: ReadonlyMap<string, Field> = new Map([
  ['content-type', 'contentType'],
  ['cache-control', 'cacheControl'],
  ['content-disposition', 'contentDisposition'],
  ['content-encoding', 'contentEncoding'],
  ['content-language', 'contentLanguage'],
  ['expires', 'expires'],
  ['x-amz-website-redirect-location', 'websiteRedirectLocation'],
  ['x-amz-storage-class', 'storageClass'],
]);

const metadataPrefix = 'x-amz-meta-';
const taggingHeader = 'x-amz-tagging';

/** Metadata that says what the content is; whoever writes the content writes it. */
const ownMetadata = ['mtime', 'md5chksum', 's3cmd-attrs', 's3tools-gpgenc'];

/** A name as RFC 9110 allows it for a header. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** S3's limits: metadata in bytes of names and values, tags in number and characters. */
const limits = { metadata: 2048, tags: 10, tagName: 128, tagValue: 256 };

/**
 * Splits a list of headers as other tools have it: `name:value|name:value`, each at its first
 * colon. `\|` is a bar within a value and `\\` a backslash; spaces around names and values fall away.
 */
export function splitHeaderList(list: string): readonly (readonly [name: string, value: string])[] {
  const parts = list.match(/(?:\\[\\|]|[^|])+/g) ?? [];
  return parts
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const text = part.replace(/\\([\\|])/g, '$1');
      const colon = text.indexOf(':');
      if (colon < 1) {
        throw new UploadHeaderError(
          'A list of headers has the form name:value|name:value; write \\| for a bar within a value.',
        );
      }
      return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
    });
}

/**
 * Headers as the description that they are of.
 * @throws UploadHeaderError for a header that is not the person's to set
 */
export function describeHeaders(
  headers: readonly (readonly [name: string, value: string])[],
): Pick<UploadDescription, 'properties' | 'tags'> {
  const properties: Partial<Record<Field, string>> = {};
  const metadata: Record<string, string> = {};
  let tags: ObjectTags | undefined;
  for (const [writtenName, value] of headers) {
    if (!token.test(writtenName)) throw new UploadHeaderError('This is no name of a header.');
    const name = writtenName.toLowerCase();
    const field = fields.get(name);
    if (field !== undefined) properties[field] = value;
    else if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = value;
    else if (name === taggingHeader) tags = Object.fromEntries(new URLSearchParams(value));
    else throw new UploadHeaderError(refusalOf(name));
  }
  return { properties: { ...properties, metadata }, tags };
}

function refusalOf(name: string): string {
  if (name.includes('server-side-encryption')) {
    return `${name} cannot be set here: encryption is said by ssec.keyRules, and customer keys are in the key ring.`;
  }
  return `${name} cannot be set here. What can: ${[...fields.keys(), taggingHeader].join(', ')} and ${metadataPrefix}….`;
}

/**
 * Checks what is to be sent as headers, so that none can smuggle in another one, and that S3 can
 * take it.
 *
 * @throws UploadHeaderError
 */
export function checkDescription({ properties = {}, tags = {} }: UploadDescription): void {
  const { metadata = {}, ...rest } = properties;
  for (const value of Object.values(rest)) if (value !== undefined) checkValue(value);
  const { storageClass } = properties;
  if (storageClass !== undefined && !/^[\w.-]{1,64}$/.test(storageClass)) {
    throw new UploadHeaderError('A storage class is a name such as STANDARD_IA.');
  }
  let size = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!token.test(name)) throw new UploadHeaderError('This is no name of user metadata.');
    if (ownMetadata.includes(name)) {
      throw new UploadHeaderError(`The metadata ${name} is written by SSE-C Explorer itself.`);
    }
    checkValue(value);
    size += byteLength(name) + byteLength(value);
  }
  if (size > limits.metadata) {
    throw new UploadHeaderError(`S3 takes ${limits.metadata} bytes of user metadata, no more.`);
  }
  const pairs = Object.entries(tags);
  if (pairs.length > limits.tags) throw new UploadHeaderError(`S3 takes ${limits.tags} tags.`);
  if (pairs.some(([name, value]) => !isTag(name, value))) {
    throw new UploadHeaderError(
      `A tag has a name of up to ${limits.tagName} characters and a value of up to ${limits.tagValue}.`,
    );
  }
}

function isTag(name: string, value: string): boolean {
  return name !== '' && name.length <= limits.tagName && value.length <= limits.tagValue;
}

function checkValue(value: string): void {
  // eslint-disable-next-line no-control-regex -- a line break would begin another header
  if (/[\u0000-\u001f\u007f]|\p{Surrogate}/u.test(value)) {
    throw new UploadHeaderError('A value must not hold line breaks or other control characters.');
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

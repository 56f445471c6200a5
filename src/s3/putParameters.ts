import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ObjectProperties, ObjectTags } from '../core/objectStore.ts';
import { toHeader } from './headerText.ts';

type Writable = Pick<
  PutObjectCommandInput,
  | 'ContentType'
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'WebsiteRedirectLocation'
  | 'StorageClass'
  | 'Metadata'
>;

/** The properties as the parameters of PutObject, CopyObject and CreateMultipartUpload. */
export function writeParameters(properties: ObjectProperties): Writable {
  const header = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : toHeader(text);
  const metadata = Object.entries(properties.metadata ?? {});
  return {
    ContentType: header(properties.contentType),
    CacheControl: header(properties.cacheControl),
    ContentDisposition: header(properties.contentDisposition),
    ContentEncoding: header(properties.contentEncoding),
    ContentLanguage: header(properties.contentLanguage),
    WebsiteRedirectLocation: header(properties.websiteRedirectLocation),
    // The SDK's type knows only AWS's classes.
    StorageClass: properties.storageClass as Writable['StorageClass'],
    Metadata: Object.fromEntries(metadata.map(([name, value]) => [name, toHeader(value)])),
  };
}

/** Tags as the header `x-amz-tagging` has them; undefined if there are none. */
export function taggingHeader(tags: ObjectTags | undefined): string | undefined {
  const pairs = Object.entries(tags ?? {});
  if (pairs.length === 0) return undefined;
  return pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}

interface HeaderCommand {
  readonly middlewareStack: {
    add(
      middleware: (next: (arguments_: never) => unknown) => (arguments_: never) => unknown,
      options: { step: 'build'; name: string },
    ): void;
  };
}

/**
 * Adds a header that the SDK's parameters cannot carry: Expires is a date there, while S3 keeps any
 * text, and an object whose Expires is no date has to keep it.
 */
export function addExpires(command: HeaderCommand, expires: string | undefined): void {
  if (expires === undefined) return;
  command.middlewareStack.add(
    (next) => (parameters: { request: { headers: Record<string, string> } }) => {
      parameters.request.headers['expires'] = toHeader(expires);
      return next(parameters as never);
    },
    { step: 'build', name: 'rawExpires' },
  );
}

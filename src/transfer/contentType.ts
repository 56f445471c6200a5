import { lookup } from 'mrmime';

/** Source code that the registry takes for something else: `.ts` is an MPEG transport stream. */
const misnamed = /\.m?ts$/i;

/** The content type of a new object by its file name; undefined leaves it to the server. */
export function contentTypeOf(objectKey: string): string | undefined {
  return misnamed.test(objectKey) ? undefined : lookup(objectKey);
}

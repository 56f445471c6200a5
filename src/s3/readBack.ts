import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { PutOptions, PutResult } from '../core/objectStore.ts';
import { unquoted } from './etags.ts';
import { readParameters } from './head.ts';
import { responseBody } from './responseBody.ts';
import { subjectOf } from './subject.ts';
import { realVersion } from './versionIds.ts';
import type { Wire } from './wire.ts';

/** Reads an object and compares its bytes; undefined if it is another one. */
export async function readBack(
  wire: Wire,
  address: ObjectAddress,
  expected: Uint8Array,
  { customerKey, signal }: PutOptions,
): Promise<PutResult | undefined> {
  const options = { customerKey, signal };
  const command = new GetObjectCommand(readParameters(address, options));
  const output = await wire.send(command, subjectOf(address, options));
  const encrypted = output.SSECustomerKeyMD5 === customerKey?.fingerprint;
  // Leaving the loop ends the request.
  const body = responseBody(output) as AsyncIterable<Uint8Array> & { destroy(): void };
  if (!encrypted || output.ContentLength !== expected.length) {
    body.destroy();
    return undefined;
  }
  let at = 0;
  for await (const chunk of body) {
    if (Buffer.compare(chunk, expected.subarray(at, at + chunk.length)) !== 0) return undefined;
    at += chunk.length;
  }
  const { ETag, VersionId } = output;
  return { etag: unquoted(ETag), versionId: realVersion(VersionId), size: expected.length };
}

import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectBody, PutOptions, PutResult } from '../core/objectStore.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { unquoted } from './etags.ts';
import { ensureEncrypted } from './plaintext.ts';
import { addExpires, taggingHeader, writeParameters } from './putParameters.ts';
import { subjectOf } from './subject.ts';
import { uploadBody } from './uploadBody.ts';
import { realVersion } from './versionIds.ts';
import type { Wire } from './wire.ts';

/** The headers that state a PUT's condition. */
export type PutConditions = Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>;

/** Sends the PUT with the headers that state its condition, and checks how it was stored. */
export async function sendPut(
  wire: Wire,
  address: ObjectAddress,
  body: ObjectBody,
  options: PutOptions,
  conditions: PutConditions,
): Promise<PutResult> {
  const { customerKey, properties = {}, tags, signal } = options;
  const upload = uploadBody(body);
  const command = new PutObjectCommand({
    Bucket: address.bucket,
    Key: address.key,
    Body: upload.body,
    ContentLength: upload.size,
    Tagging: taggingHeader(tags),
    ...writeParameters(properties),
    ...customerKeyParameters(customerKey),
    ...conditions,
  });
  addExpires(command, properties.expires);
  const subject = subjectOf(address, { customerKey, signal: upload.combine(signal) });
  const output = await upload.watch(wire.send(command, subject, { streaming: upload.streaming }));
  const versionId = realVersion(output.VersionId);
  if (customerKey !== undefined && output.SSECustomerKeyMD5 !== customerKey.fingerprint) {
    await ensureEncrypted(wire, address, { customerKey, versionId, etag: unquoted(output.ETag) });
  }
  return { etag: unquoted(output.ETag), versionId, size: upload.size };
}

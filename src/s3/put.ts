import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectBody, PutOptions, PutResult } from '../core/objectStore.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { quoted, unquoted } from './etags.ts';
import { addExpires, taggingHeader, writeParameters } from './putParameters.ts';
import { ensureEncrypted } from './plaintext.ts';
import { subjectOf } from './subject.ts';
import { uploadBody } from './uploadBody.ts';
import type { Wire } from './wire.ts';

/**
 * PutObject; see the port for what it promises.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export async function putObject(
  wire: Wire,
  address: ObjectAddress,
  body: ObjectBody,
  options: PutOptions,
): Promise<PutResult> {
  const { condition } = options;
  const result = await putOnce(wire, address, body, options, {
    ...(condition.type === 'matches' && { IfMatch: quoted(condition.etag) }),
    ...(condition.type === 'absent' && { IfNoneMatch: '*' }),
  });
  return result;
}

/** Sends the PUT with the headers that state its condition, and checks how it was stored. */
export async function putOnce(
  wire: Wire,
  address: ObjectAddress,
  body: ObjectBody,
  options: PutOptions,
  conditions: Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>,
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
  const versionId = output.VersionId === 'null' ? undefined : output.VersionId;
  if (customerKey !== undefined && output.SSECustomerKeyMD5 !== customerKey.fingerprint) {
    await ensureEncrypted(wire, address, { customerKey, versionId, signal });
  }
  return { etag: unquoted(output.ETag), versionId, size: upload.size };
}

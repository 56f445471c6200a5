import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { GetOptions, GetResult, ObjectInfo } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { readParameters } from './head.ts';
import { checkReadName } from './objectNames.ts';
import { readInfo } from './objectInfo.ts';
import { explainRefusal, verifyEncryption } from './readRefusal.ts';
import { responseBody } from './responseBody.ts';
import { subjectOf, type Subject } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * GetObject; see the port for what it promises.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function getObject(
  wire: Wire,
  address: ObjectAddress,
  options: GetOptions = {},
): Promise<GetResult> {
  const subject = subjectOf(address, options);
  const { range } = options;
  const command = new GetObjectCommand({
    ...readParameters(address, options),
    ...(range && { Range: `bytes=${range.first}-${range.last}` }),
  });
  try {
    const output = await wire.send(command, subject);
    const body = responseBody(output);
    const info = await infoOf(wire, address, output, options).catch((error: unknown) => {
      body.destroy();
      throw error;
    });
    return { info, body: bytesOf(wire, subject, body, output.ContentLength) };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    throw await explainRefusal(wire, address, options, error);
  }
}

async function infoOf(
  wire: Wire,
  address: ObjectAddress,
  output: GetObjectCommandOutput,
  options: GetOptions,
): Promise<ObjectInfo> {
  checkReadName(wire, address);
  return verifyEncryption(wire, readInfo(address, output, wire.server), options);
}

/** The bytes as they arrive; what goes wrong on the way is a StoreError as well. */
async function* bytesOf(
  wire: Wire,
  subject: Subject,
  body: AsyncIterable<Uint8Array>,
  expected: number | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  try {
    for await (const chunk of body) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw wire.translate(error, subject);
  }
  if (expected !== undefined && received !== expected) throw wire.error('corrupted', subject);
}

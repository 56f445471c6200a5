import type { ObjectAddress } from '../core/address.ts';
import type { ObjectBody, PutOptions, PutResult } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { explainWriteRefusal } from './blockedEncryption.ts';
import { putGuarded } from './guardedPut.ts';
import { checkWritableName } from './objectNames.ts';
import { sendPut } from './sendPut.ts';
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
  await checkWritableName(wire, address);
  try {
    if (options.condition.type === 'any') return await sendPut(wire, address, body, options, {});
    return await putGuarded(wire, address, body, options);
  } catch (error) {
    throw isStoreError(error) ? await explainWriteRefusal(wire, address, options, error) : error;
  }
}

import * as v from 'valibot';
import { joinDescriptions } from '../../core/uploadDescription.ts';
import { UploadHeaderError } from '../../keys/uploadHeaders.ts';
import { describeFields, uploadFields, type UploadFields } from '../../keys/uploadRules.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import { InvalidArguments } from '../command.ts';
import type { PlaceArguments } from '../objects/objectArguments.ts';

/** What the arguments of an upload give its objects. */
export type GivenFields = Omit<UploadFields, 'encrypt'>;

/**
 * Tells what the arguments of an upload give its objects from where they go.
 * @throws InvalidArguments
 */
export function splitArguments(args: PlaceArguments & GivenFields): {
  readonly place: PlaceArguments;
  readonly given: GivenFields;
} {
  const { contentType, cacheControl, contentDisposition, contentEncoding, ...rest } = args;
  const { contentLanguage, storageClass, metadata, tags, headers, ...more } = rest;
  const { s3cmdAttributes, ...place } = more;
  const given = {
    ...{ contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage },
    ...{ storageClass, metadata, tags, headers, s3cmdAttributes },
  };
  described(given);
  return { place, given };
}

/**
 * A context whose uploads are given something over what the rules say.
 * @param given whatever it is, if it was noted by an earlier window
 */
export function withGiven(context: TransferContext, given: unknown): TransferContext {
  const own = described(v.parse(v.strictObject(uploadFields), given ?? {}));
  return {
    ...context,
    describeUpload: (address) => {
      const { gpg, ...ruled } = context.describeUpload?.(address) ?? {};
      return { ...joinDescriptions(ruled, own), gpg };
    },
  };
}

function described(fields: UploadFields): Omit<ReturnType<typeof describeFields>, 'gpg'> {
  try {
    return describeFields(fields);
  } catch (error) {
    if (error instanceof UploadHeaderError) throw new InvalidArguments(error.message);
    throw error;
  }
}

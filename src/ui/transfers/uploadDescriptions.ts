import { formatAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import type { DescribeUpload } from '../../transfer/uploadOptions.ts';
import type { KeySettings } from '../keys/keySettings.ts';

/** What new objects are given by the upload rules that are in force when they are made. */
export function uploadDescriptions(settings: Pick<KeySettings, 'uploadRules'>): DescribeUpload {
  return (address) => {
    const { gpg, ...description } = settings.uploadRules().describe(address);
    if (gpg === undefined) return description;
    throw new StoreError(
      'unsupported',
      `A rule wants ${formatAddress(address)} to be encrypted by GPG, which is not possible yet. Nothing was stored.`,
      address,
    );
  };
}

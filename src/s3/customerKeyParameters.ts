import type { CustomerKey } from '../core/customerKey.ts';

interface Parameters {
  SSECustomerAlgorithm: string;
  SSECustomerKey: string;
}

/**
 * The SDK's parameters for a customer key, for the operations that need it. The SDK takes bytes and
 * adds their MD5 by itself; text would be read as raw key bytes if it isn't base64 of 32 bytes.
 */
export function customerKeyParameters(key: CustomerKey | undefined): Partial<Parameters> {
  if (key === undefined) return {};
  return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: asParameter(key) };
}

/** The same for the source of a copy. */
export function sourceKeyParameters(key: CustomerKey | undefined): {
  CopySourceSSECustomerAlgorithm?: string;
  CopySourceSSECustomerKey?: string;
} {
  if (key === undefined) return {};
  return {
    CopySourceSSECustomerAlgorithm: 'AES256',
    CopySourceSSECustomerKey: asParameter(key),
  };
}

function asParameter(key: CustomerKey): string {
  // The parameter is declared as string, but its middleware hashes and encodes bytes correctly.
  return key.reveal() as unknown as string;
}

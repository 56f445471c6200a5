import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/**
 * Signature version 4 over the bytes that are really sent. The SDK's own signs header values as if
 * node sent them in UTF-8, but node sends one byte a character; for anything but ASCII the server
 * then answers SignatureDoesNotMatch.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class ByteSigner extends SignatureV4 {
  protected override createStringToSign(
    longDate: string,
    credentialScope: string,
    canonicalRequest: string,
    algorithmIdentifier: string,
  ): Promise<string> {
    // Path and query are percent-encoded, so only header values can have more than ASCII.
    const hash = createHash('sha256').update(canonicalRequest, 'latin1').digest('hex');
    return Promise.resolve([algorithmIdentifier, longDate, credentialScope, hash].join('\n'));
  }
}

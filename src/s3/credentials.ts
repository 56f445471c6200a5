import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types';
import type { AccessKey, Connection } from '../core/connection.ts';
import { StoreError } from '../core/storeError.ts';

/**
 * The SDK's provider of the credentials that a connection names. The providers for profiles and the
 * environment are loaded on their first use.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export function credentialsOf(
  connection: Connection,
  accessKey: AccessKey | undefined,
): AwsCredentialIdentityProvider {
  const { credentials } = connection;
  switch (credentials.source) {
    case 'accessKey':
      return () => {
        if (accessKey !== undefined) return Promise.resolve(reveal(accessKey));
        const message = `The connection "${connection.name}" has no access key stored. Edit the connection and enter it again.`;
        return Promise.reject(
          new StoreError('credentials', message, { connection: connection.name }),
        );
      };
    case 'profile':
      return async (properties) => {
        // The cache would outlive what a person does about expired credentials.
        const { fromIni } = await import('@aws-sdk/credential-providers');
        return fromIni({ profile: credentials.profile, ignoreCache: true })(properties);
      };
    case 'environment':
      return async () => {
        const { fromEnv } = await import('@aws-sdk/credential-providers');
        return fromEnv()();
      };
  }
}

function reveal(accessKey: AccessKey): AwsCredentialIdentity {
  const { accessKeyId, secretAccessKey, sessionToken } = accessKey;
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken !== undefined && { sessionToken: sessionToken.reveal() }),
  };
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestServer } from '../../servers/fromEnvironment.ts';
import { findCommand, tryRun } from '../../servers/processes.ts';

/** Whether Amazon's own command line is here. */
export async function hasAwsCli(): Promise<boolean> {
  return (await findCommand('aws')) !== undefined;
}

/**
 * Reads an object by `aws s3api get-object`.
 *
 * @param customerKey 32 characters
 * @returns its bytes, or what the command complained of
 */
export async function readByAwsCli(
  server: TestServer,
  bucket: string,
  key: string,
  customerKey?: string,
): Promise<Buffer | string> {
  const folder = await mkdtemp(join(tmpdir(), 'ssec-aws-'));
  try {
    const target = join(folder, 'object');
    const keyParameters =
      customerKey === undefined
        ? []
        : ['--sse-customer-algorithm', 'AES256', '--sse-customer-key', customerKey];
    const { code, stderr } = await tryRun(
      'aws',
      [
        ...['--endpoint-url', server.endpoint, 's3api', 'get-object'],
        ...['--bucket', bucket, '--key', key, ...keyParameters, target],
      ],
      {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: server.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
          AWS_DEFAULT_REGION: server.region,
          AWS_CA_BUNDLE: server.caFile,
          AWS_CONFIG_FILE: join(folder, 'no-config'),
          AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
        },
      },
    );
    return code === 0 ? await readFile(target) : stderr.trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

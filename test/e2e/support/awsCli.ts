import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needCommands } from '../../servers/debianPackages.ts';
import type { TestServer } from '../../servers/fromEnvironment.ts';
import { tryRun } from '../../servers/processes.ts';
import { sayOnStandardError } from '../../servers/say.ts';

/** Makes sure that Amazon's own command line is here. */
export async function needAwsCli(): Promise<void> {
  await needCommands(['aws'], ['awscli'], sayOnStandardError);
}

/**
 * Reads an object by `aws s3api get-object`.
 *
 * @param customerKey 32 bytes
 * @returns its bytes, or what the command complained of
 */
export async function readByAwsCli(
  server: TestServer,
  bucket: string,
  key: string,
  customerKey?: Uint8Array,
): Promise<Buffer | string> {
  const folder = await mkdtemp(join(tmpdir(), 'ssec-aws-'));
  try {
    const [target, keyFile] = [join(folder, 'object'), join(folder, 'customer-key')];
    const keyParameters = ['--sse-customer-algorithm', 'AES256'];
    keyParameters.push('--sse-customer-key', `fileb://${keyFile}`);
    if (customerKey !== undefined) await writeFile(keyFile, customerKey);
    const { code, stderr } = await tryRun(
      'aws',
      [
        ...['--endpoint-url', server.endpoint, 's3api', 'get-object'],
        ...['--bucket', bucket, '--key', key],
        ...(customerKey === undefined ? [] : keyParameters),
        target,
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

import { createHash } from 'node:crypto';
import { mkdirSync, copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { needCommands } from '../servers/debianPackages.ts';
import { goBinary } from '../servers/goBinary.ts';
import { findCommand } from '../servers/processes.ts';
import type { Say } from '../servers/say.ts';
import type { BenchCase, BenchSite } from './cases.ts';

/** A command line with its environment. */
export interface CommandLine {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Another client that does the same. */
export interface Peer {
  readonly name: string;
  commandFor(work: BenchCase): CommandLine;
}

/** Where a peer may keep its configuration for the run. */
interface PeerContext {
  readonly site: BenchSite;
  readonly folder: string;
  readonly say: Say;
}

/** Gets every peer that can be had, and says which cannot and why. */
export async function findPeers(context: PeerContext): Promise<readonly Peer[]> {
  const makers = { mc, rclone, 'aws-cli': awsCli, s3sync };
  const peers: Peer[] = [];
  for (const [name, make] of Object.entries(makers)) {
    try {
      peers.push(...(await make(context)));
    } catch (error) {
      context.say(`Nothing is compared with ${name}: ${String(error)}`);
    }
  }
  return peers;
}

/** https://min.io/docs/minio/linux/reference/minio-mc.html */
async function mc({ site, folder, say }: PeerContext): Promise<readonly Peer[]> {
  const command = await goBinary('mc', 'github.com/minio/mc@latest', say);
  const { server, bucket, customerKey } = site;
  const configuration = join(folder, 'mc');
  mkdirSync(join(configuration, 'certs/CAs'), { recursive: true });
  copyFileSync(server.caFile, join(configuration, 'certs/CAs/ca.crt'));
  const { protocol, host } = new URL(server.endpoint);
  const env = {
    MC_HOST_bench: `${protocol}//${server.accessKeyId}:${server.secretAccessKey}@${host}`,
  };
  const unpadded = customerKey.replace(/=+$/, '');
  const common = ['--config-dir', configuration, '--quiet'];
  const encryption = ['--enc-c', `bench/${bucket}/=${unpadded}`];
  const ends = ({ direction }: BenchCase, near: string, far: string): string[] =>
    direction === 'up' ? [near, far] : [far, near];
  return [
    {
      name: 'mc',
      commandFor: (work) => ({
        ...{ command, env },
        parameters:
          work.type === 'file'
            ? [
                ...common,
                'cp',
                ...encryption,
                ...ends(work, work.path, `bench/${bucket}/${work.key}`),
              ]
            : [
                ...[...common, 'mirror', ...encryption],
                ...ends(work, work.path, `bench/${bucket}/${work.prefix}`),
              ],
      }),
    },
  ];
}

/** https://rclone.org/s3/ */
async function rclone({ site, say }: PeerContext): Promise<readonly Peer[]> {
  const command = await goBinary('rclone', 'github.com/rclone/rclone@latest', say);
  const { server, bucket, customerKey } = site;
  const env = {
    RCLONE_CONFIG: '/notfound',
    RCLONE_CA_CERT: server.caFile,
    RCLONE_CONFIG_BENCH_TYPE: 's3',
    RCLONE_CONFIG_BENCH_PROVIDER: 'Minio',
    RCLONE_CONFIG_BENCH_ENDPOINT: server.endpoint,
    RCLONE_CONFIG_BENCH_REGION: server.region,
    RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: server.accessKeyId,
    RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: server.secretAccessKey,
    RCLONE_CONFIG_BENCH_SSE_CUSTOMER_ALGORITHM: 'AES256',
    RCLONE_CONFIG_BENCH_SSE_CUSTOMER_KEY_BASE64: customerKey,
    RCLONE_CONFIG_BENCH_NO_CHECK_BUCKET: 'true',
  };
  const far = (path: string): string => `bench:${bucket}/${path}`;
  const commandFor = (work: BenchCase, more: readonly string[]): CommandLine => {
    const [verb, place] =
      work.type === 'file' ? ['copyto', far(work.key)] : ['sync', far(work.prefix)];
    const ends = work.direction === 'up' ? [work.path, place] : [place, work.path];
    return { command, env, parameters: [verb, '--transfers', '16', ...more, ...ends] };
  };
  const fast = ['--size-only', '--fast-list'];
  return [
    { name: 'rclone', commandFor: (work) => commandFor(work, []) },
    { name: `rclone ${fast.join(' ')}`, commandFor: (work) => commandFor(work, fast) },
  ];
}

/** https://docs.aws.amazon.com/cli/latest/reference/s3/ */
async function awsCli({ site, folder, say }: PeerContext): Promise<readonly Peer[]> {
  await needCommands(['aws'], ['awscli'], say);
  const { server, bucket, customerKey } = site;
  const keyFile = join(folder, 'customer-key');
  writeFileSync(keyFile, Buffer.from(customerKey, 'base64'), { mode: 0o600 });
  const env = {
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_DEFAULT_REGION: server.region,
    AWS_CA_BUNDLE: server.caFile,
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
  };
  const common = ['--endpoint-url', server.endpoint, 's3'];
  const encryption = [
    '--only-show-errors',
    '--sse-c',
    'AES256',
    '--sse-c-key',
    `fileb://${keyFile}`,
  ];
  return [
    {
      name: 'aws-cli',
      commandFor: (work) => {
        const [verb, place] = work.type === 'file' ? ['cp', work.key] : ['sync', work.prefix];
        const far = `s3://${bucket}/${place}`;
        const ends = work.direction === 'up' ? [work.path, far] : [far, work.path];
        return { command: 'aws', env, parameters: [...common, verb, ...encryption, ...ends] };
      },
    },
  ];
}

/** Only where it is installed: its build takes many minutes. https://github.com/nidor1998/s3sync */
async function s3sync({ site, say }: PeerContext): Promise<readonly Peer[]> {
  const command = await findCommand('s3sync');
  if (command === undefined) {
    say('Nothing is compared with s3sync: it is not on PATH (cargo install s3sync).');
    return [];
  }
  const { server, bucket, customerKey } = site;
  const md5 = createHash('md5').update(Buffer.from(customerKey, 'base64')).digest('base64');
  const far = {
    ENDPOINT_URL: server.endpoint,
    REGION: server.region,
    FORCE_PATH_STYLE: 'true',
    ACCESS_KEY: server.accessKeyId,
    SECRET_ACCESS_KEY: server.secretAccessKey,
    SSE_C: 'AES256',
    SSE_C_KEY: customerKey,
    SSE_C_KEY_MD5: md5,
  };
  return [
    {
      name: 's3sync',
      commandFor: (work) => {
        const isUp = work.direction === 'up';
        const side = isUp ? 'TARGET' : 'SOURCE';
        const env: NodeJS.ProcessEnv = { SSL_CERT_FILE: server.caFile };
        for (const [name, value] of Object.entries(far)) env[`${side}_${name}`] = value;
        // It knows folders only.
        const [near, prefix] =
          work.type === 'file'
            ? [dirname(work.path), work.key.slice(0, work.key.lastIndexOf('/') + 1)]
            : [work.path, work.prefix];
        const ends = [`${near}/`, `s3://${bucket}/${prefix}`];
        return {
          ...{ command, env },
          parameters: isUp ? ends : ends.reverse(),
        };
      },
    },
  ];
}

import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { needCommands } from '../servers/debianPackages.ts';
import { goBinary } from '../servers/goBinary.ts';
import { findCommand, run } from '../servers/processes.ts';
import type { Say } from '../servers/say.ts';
import { passphrase, type Scene } from './scene.ts';

/** Another client at work: puts all files of a folder below a prefix, or gets all that is there. */
export interface Peer {
  put(folder: string, prefix: string): Promise<void>;
  get(prefix: string, folder: string): Promise<void>;
}

/** How a peer's command is got. Debian's `mc` is Midnight Commander. */
const sources = {
  aws: (say: Say) => debian('aws', 'awscli', say),
  rclone: (say: Say) => debian('rclone', 'rclone', say),
  s3cmd: (say: Say) => debian('s3cmd', 's3cmd', say),
  gpg: (say: Say) => debian('gpg', 'gnupg', say),
  mc: (say: Say) => goBinary('mc', 'github.com/minio/mc@latest', say),
};
export type PeerName = keyof typeof sources;

async function debian(command: string, name: string, say: Say): Promise<string> {
  await needCommands([command], [name], say);
  return (await findCommand(command)) ?? command;
}

/** The commands of the peers that can be had, and why the others cannot. */
export async function findPeers(say: Say): Promise<{
  readonly commands: ReadonlyMap<PeerName, string>;
  readonly missing: ReadonlyMap<PeerName, string>;
}> {
  const commands = new Map<PeerName, string>();
  const missing = new Map<PeerName, string>();
  for (const name of Object.keys(sources) as PeerName[]) {
    try {
      commands.set(name, await sources[name](say));
    } catch (error) {
      missing.set(name, String(error));
    }
  }
  return { commands, missing };
}

/** @see https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html */
export async function aws(command: string, scene: Scene): Promise<Peer> {
  const { server } = scene;
  const keyFile = scene.path('customer-key');
  const configuration = scene.path('aws-config');
  // With more at a time version 1 misreads answers to parts on a busy machine: KeyError 'ETag'.
  await writeFile(configuration, '[default]\ns3 =\n  max_concurrent_requests = 1\n');
  await writeFile(keyFile, scene.customerKey.reveal(), { mode: 0o600 });
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_DEFAULT_REGION: server.region,
    AWS_CA_BUNDLE: server.caFile,
    AWS_CONFIG_FILE: configuration,
    AWS_SHARED_CREDENTIALS_FILE: scene.path('no-credentials'),
    // Ceph refuses its default checksums.
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
    AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
  };
  const copy = async (from: string, to: string): Promise<void> => {
    const parameters = ['--endpoint-url', server.endpoint, 's3', 'cp', '--recursive'];
    parameters.push('--only-show-errors', '--sse-c', 'AES256', '--sse-c-key', `fileb://${keyFile}`);
    await run(command, [...parameters, from, to], { env });
  };
  const far = (prefix: string): string => `s3://${scene.bucket}/${prefix}`;
  return {
    put: (folder, prefix) => copy(folder, far(prefix)),
    get: (prefix, folder) => copy(far(prefix), folder),
  };
}

/** @see https://rclone.org/s3/ */
export function rclone(command: string, scene: Scene): Peer {
  const { server } = scene;
  const env = {
    ...process.env,
    // It fails if it finds one in the environment.
    AWS_CA_BUNDLE: undefined,
    RCLONE_CONFIG: '/notfound',
    RCLONE_CA_CERT: server.caFile,
    RCLONE_CONFIG_FAR_TYPE: 's3',
    RCLONE_CONFIG_FAR_PROVIDER: server.like === 'ceph' ? 'Ceph' : 'Minio',
    RCLONE_CONFIG_FAR_ENDPOINT: server.endpoint,
    RCLONE_CONFIG_FAR_REGION: server.region,
    RCLONE_CONFIG_FAR_ACCESS_KEY_ID: server.accessKeyId,
    RCLONE_CONFIG_FAR_SECRET_ACCESS_KEY: server.secretAccessKey,
    RCLONE_CONFIG_FAR_SSE_CUSTOMER_ALGORITHM: 'AES256',
    // Older releases take text only.
    RCLONE_CONFIG_FAR_SSE_CUSTOMER_KEY: Buffer.from(scene.customerKey.reveal()).toString(),
    RCLONE_CONFIG_FAR_NO_CHECK_BUCKET: 'true',
    RCLONE_CONFIG_FAR_UPLOAD_CUTOFF: '10M',
  };
  const copy = async (from: string, to: string): Promise<void> => {
    await run(command, ['copy', '--retries', '1', from, to], { env });
  };
  const far = (prefix: string): string => `far:${scene.bucket}/${prefix}`;
  return {
    put: (folder, prefix) => copy(folder, far(prefix)),
    get: (prefix, folder) => copy(far(prefix), folder),
  };
}

/** @see https://github.com/minio/mc */
export async function mc(command: string, scene: Scene): Promise<Peer> {
  const { server } = scene;
  const configuration = scene.path('mc');
  await mkdir(scene.path('mc', 'certs', 'CAs'), { recursive: true });
  await copyFile(server.caFile, scene.path('mc', 'certs', 'CAs', 'ca.crt'));
  const { protocol, host } = new URL(server.endpoint);
  const credentials = `${server.accessKeyId}:${server.secretAccessKey}`;
  const env = { ...process.env, MC_HOST_far: `${protocol}//${credentials}@${host}` };
  const key = Buffer.from(scene.customerKey.reveal()).toString('base64').replace(/=+$/, '');
  const mirror = async (from: string, to: string): Promise<void> => {
    const common = ['--config-dir', configuration, '--quiet', 'mirror'];
    await run(command, [...common, '--enc-c', `far/${scene.bucket}/=${key}`, from, to], { env });
  };
  const far = (prefix: string): string => `far/${scene.bucket}/${prefix}`;
  return {
    put: (folder, prefix) => mirror(folder, far(prefix)),
    get: (prefix, folder) => mirror(far(prefix), folder),
  };
}

/**
 * It knows no SSE-C: plain objects, or encrypted by GPG before they are sent.
 * @see https://s3tools.org/usage
 */
export async function s3cmd(
  command: string,
  scene: Scene,
  { gpg }: { readonly gpg?: string } = {},
): Promise<Peer> {
  const { server } = scene;
  const { host } = new URL(server.endpoint);
  const configuration = scene.path(`s3cfg-${gpg === undefined ? 'plain' : 'gpg'}`);
  const lines = {
    ...{ access_key: server.accessKeyId, secret_key: server.secretAccessKey },
    ...{ host_base: host, host_bucket: host, bucket_location: server.region, use_https: 'True' },
    ...{ ca_certs_file: server.caFile, preserve_attrs: 'True', guess_mime_type: 'False' },
    ...(gpg !== undefined && { gpg_command: gpg, gpg_passphrase: passphrase }),
  };
  const text = Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`);
  await writeFile(configuration, `[default]\n${text.join('')}`, { mode: 0o600 });
  await mkdir(scene.path('gnupg'), { recursive: true, mode: 0o700 });
  const env = { ...process.env, LC_ALL: 'C.UTF-8', GNUPGHOME: scene.path('gnupg') };
  const call = async (...parameters: readonly string[]): Promise<void> => {
    await run(command, ['-c', configuration, '--no-progress', ...parameters], { env });
  };
  const far = (prefix: string): string => `s3://${scene.bucket}/${prefix}`;
  return {
    put: (folder, prefix) =>
      gpg === undefined
        ? call('sync', `${folder}/`, far(prefix))
        : call('put', '--recursive', '--encrypt', `${folder}/`, far(prefix)),
    get: async (prefix, folder) => {
      await mkdir(folder, { recursive: true });
      const verb = gpg === undefined ? ['sync'] : ['get', '--recursive'];
      await call(...verb, far(prefix), `${folder}/`);
    },
  };
}

/** Decrypts a file by gpg itself. */
export async function decryptByGpg(
  command: string,
  scene: Scene,
  file: string,
  target: string,
): Promise<void> {
  await mkdir(scene.path('gnupg'), { recursive: true, mode: 0o700 });
  await writeFile(scene.path('passphrase'), passphrase, { mode: 0o600 });
  const parameters = ['--batch', '--yes', '--pinentry-mode', 'loopback'];
  parameters.push('--passphrase-file', scene.path('passphrase'), '--output', target);
  const env = { ...process.env, GNUPGHOME: scene.path('gnupg') };
  await run(command, [...parameters, '--decrypt', file], { env });
}

/** gpg leaves an agent behind for each of its folders. */
export async function endAgent(scene: Scene): Promise<void> {
  if ((await findCommand('gpgconf')) === undefined) return;
  const env = { ...process.env, GNUPGHOME: scene.path('gnupg') };
  await run('gpgconf', ['--kill', 'gpg-agent'], { env });
}

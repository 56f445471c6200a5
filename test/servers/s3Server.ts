import { startCeph } from './ceph.ts';
import { externalServer } from './external.ts';
import { startMinio } from './minio.ts';
import { createRunFolder, destroyRunFolder } from './runFolder.ts';
import { sayOnStandardError, type Say } from './say.ts';
import { createTestTls, type TestTls } from './tls.ts';

/** The kinds of server that the suites know. */
export type S3ServerName = 'minio' | 'ceph' | 'external';

/** A running S3 server, and how to reach it. */
export interface S3Server {
  readonly name: S3ServerName;
  /** Which server's ways it has, where S3 leaves room; `aws` is what Amazon documents. */
  readonly like: 'aws' | 'ceph' | 'minio';
  /** `https://host:port`, path-style addressing always works; `<bucket>.localhost:port` on local ones. */
  readonly endpoint: string;
  /** The same server without TLS, where it has such a port. */
  readonly httpEndpoint?: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** File with the certificate of the CA that signed the server's. */
  readonly caFile: string;
  /** The content of `caFile`. */
  readonly caPem: string;
  /** Ends the server and removes all it has stored. An external one stays as it is. */
  stop(): Promise<void>;
}

/** A server that could not be had, and why. */
export interface MissingServer {
  readonly name: S3ServerName;
  readonly reason: string;
}

/** All servers of a run. */
export interface S3Servers {
  readonly servers: readonly S3Server[];
  /** The CA and certificate of the local servers, also for proxies before them. */
  readonly tls: TestTls;
  readonly missing: readonly MissingServer[];
  stop(): Promise<void>;
}

/** What a starter gets from the run. */
export interface StartContext {
  readonly tls: TestTls;
  readonly say: Say;
}

const starters: Record<S3ServerName, (context: StartContext) => Promise<S3Server | undefined>> = {
  minio: startMinio,
  ceph: startCeph,
  external: externalServer,
};

/**
 * Starts every S3 server that can be had here, side by side: MinIO and Ceph RGW, and the external
 * one if the environment names it. `only` (default: `$SSEC_TEST_ONLY`, separated by commas) limits
 * which. Says loudly which one is missing; throws if there is none.
 */
export async function startServers(
  options: { readonly only?: readonly S3ServerName[]; readonly say?: Say } = {},
): Promise<S3Servers> {
  const say = options.say ?? sayOnStandardError;
  const wanted = options.only ?? namesFromEnvironment();
  const folder = createRunFolder('tls');
  const servers: S3Server[] = [];
  const missing: MissingServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await destroyRunFolder(folder);
  };
  try {
    const context = { tls: await createTestTls(folder), say };
    const outcomes = await Promise.allSettled(wanted.map((name) => starters[name](context)));
    for (const [index, name] of wanted.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === 'fulfilled' && outcome.value) servers.push(outcome.value);
      if (outcome?.status === 'rejected') missing.push({ name, reason: String(outcome.reason) });
    }
    for (const { name, reason } of missing) {
      say(`\n!!! No ${name} in this run: ${reason}\n!!! Nothing below was tried with ${name}.\n`);
    }
    if (servers.length === 0)
      throw new Error(`No S3 server could be started (${wanted.join(', ')}).`);
    return { servers, tls: context.tls, missing, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function namesFromEnvironment(): S3ServerName[] {
  const all = Object.keys(starters) as S3ServerName[];
  const only = process.env['SSEC_TEST_ONLY'];
  if (only === undefined || only === '') return all;
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !all.some((known) => known === name));
  if (unknown.length > 0) {
    throw new Error(`SSEC_TEST_ONLY names ${unknown.join(', ')}; known are ${all.join(', ')}.`);
  }
  return all.filter((name) => wanted.includes(name));
}

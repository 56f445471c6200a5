import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cephConfiguration } from './cephConfiguration.ts';
import { needCommands } from './debianPackages.ts';
import { freePorts } from './ports.ts';
import { untilAnswers } from './probe.ts';
import { run } from './processes.ts';
import { createRunFolder, destroyRunFolder, ownPids } from './runFolder.ts';
import type { S3Server, StartContext } from './s3Server.ts';
import type { Say } from './say.ts';

/**
 * Starts Ceph's RGW with TLS and plain http on free loopback ports: one monitor, one OSD in memory,
 * one gateway, from Debian's packages. The daemons detach themselves and note their process ids.
 */
export async function startCeph({ tls, say }: StartContext): Promise<S3Server> {
  await prepareCeph(say);
  // On a busy machine a young monitor may refuse what it is asked, and a port may be taken.
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(tls);
    } catch (error) {
      if (tries === 3) throw error;
      say(`Ceph did not start, another try: ${String(error)}`);
    }
  }
}

async function startOnce(tls: StartContext['tls']): Promise<S3Server> {
  const folder = createRunFolder('ceph');
  try {
    for (const name of ['mon', 'osd/0', 'rgw', 'log', 'crash']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    const [monitorPort = 0, httpsPort = 0, httpPort = 0] = await freePorts(3);
    const fsid = randomUUID();
    const { certificateFile, privateKeyFile } = tls;
    const ports = { monitorPort, httpsPort, httpPort };
    const configuration = cephConfiguration({
      ...{ folder, fsid, certificateFile, privateKeyFile },
      ...ports,
    });
    const keys = { accessKeyId: 'testaccess', secretAccessKey: randomUUID() };
    await writeFile(join(folder, 'ceph.conf'), configuration);
    await writeFile(join(folder, 'keyring'), '');
    await startDaemons(folder, fsid, monitorPort, keys);
    const endpoint = `https://127.0.0.1:${String(httpsPort)}`;
    const caPem = await readFile(tls.caFile, 'utf8');
    await untilAnswers(endpoint, caPem, () => {
      if (ownPids(folder).length < 3) throw new Error('a Ceph daemon ended');
    });
    return {
      ...{
        name: 'ceph',
        like: 'ceph',
        endpoint,
        httpEndpoint: `http://127.0.0.1:${String(httpPort)}`,
      },
      ...{ region: 'us-east-1', ...keys, caFile: tls.caFile, caPem },
      stop: () => destroyRunFolder(folder),
    };
  } catch (error) {
    await destroyRunFolder(folder);
    throw error;
  }
}

/** Installs Ceph's packages, if its commands are missing. */
export async function prepareCeph(say: Say): Promise<void> {
  await needCommands(
    ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool'],
    ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-base'],
    say,
  );
}

async function startDaemons(
  folder: string,
  fsid: string,
  monitorPort: number,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<void> {
  const env = {
    ...process.env,
    CEPH_CONF: join(folder, 'ceph.conf'),
    CEPH_ARGS: '--no-mon-config',
  };
  const ceph = async (command: string, ...parameters: string[]): Promise<unknown> =>
    run(command, parameters, { env, cwd: folder });
  const map = join(folder, 'monmap');
  const monitor = `[v1:127.0.0.1:${String(monitorPort)}]`;
  await ceph('monmaptool', '--create', '--clobber', '--fsid', fsid, '--addv', 'a', monitor, map);
  await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
  await ceph('ceph-mon', '-i', 'a');
  const uuid = randomUUID();
  await Promise.all([
    ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', uuid),
    ceph('ceph', 'osd', 'new', uuid),
  ]);
  await ceph('ceph-osd', '-i', '0');
  const { accessKeyId, secretAccessKey } = keys;
  const user = ['--uid=test', '--display-name=test', `--access-key=${accessKeyId}`];
  await ceph('radosgw-admin', 'user', 'create', ...user, `--secret-key=${secretAccessKey}`);
  await ceph('radosgw', '-n', 'client.rgw');
}

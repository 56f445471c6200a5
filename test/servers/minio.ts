import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { minioBinary } from './minioBinary.ts';
import { freePorts } from './ports.ts';
import { untilAnswers } from './probe.ts';
import { createRunFolder, destroyRunFolder, notePid } from './runFolder.ts';
import type { S3Server, StartContext } from './s3Server.ts';

/**
 * Starts MinIO over TLS on a free loopback port, with its data in a folder of its own.
 * https://min.io/docs/minio/linux/reference/minio-server/minio-server.html
 */
export async function startMinio({ tls, say }: StartContext): Promise<S3Server> {
  const binary = await minioBinary(say);
  const folder = createRunFolder('minio');
  try {
    const [port = 0, consolePort = 0] = await freePorts(2);
    const certificates = join(folder, 'certs');
    const data = join(folder, 'data');
    mkdirSync(certificates);
    mkdirSync(data);
    await copyFile(tls.certificateFile, join(certificates, 'public.crt'));
    await copyFile(tls.privateKeyFile, join(certificates, 'private.key'));
    const accessKeyId = 'testaccess';
    const secretAccessKey = randomBytes(16).toString('hex');
    const logFile = join(folder, 'log');
    const log = openSync(logFile, 'w');
    const child = spawn(
      binary,
      [
        ...['server', '--quiet', '--certs-dir', certificates],
        ...['--address', `127.0.0.1:${String(port)}`],
        ...['--console-address', `127.0.0.1:${String(consolePort)}`, data],
      ],
      {
        cwd: folder,
        detached: true,
        stdio: ['ignore', log, log],
        env: {
          ...process.env,
          MINIO_ROOT_USER: accessKeyId,
          MINIO_ROOT_PASSWORD: secretAccessKey,
          MINIO_DOMAIN: 'localhost',
          MINIO_BROWSER: 'off',
        },
      },
    );
    closeSync(log);
    child.unref();
    if (child.pid === undefined) throw new Error(`${binary} could not be started`);
    notePid(folder, 'minio', child.pid);
    const endpoint = `https://127.0.0.1:${String(port)}`;
    const caPem = await readFile(tls.caFile, 'utf8');
    await untilAnswers(`${endpoint}/minio/health/ready`, caPem, async () => {
      if (child.exitCode !== null)
        throw new Error(`MinIO ended: ${await readFile(logFile, 'utf8')}`);
    });
    return {
      ...{
        name: 'minio',
        like: 'minio',
        endpoint,
        region: 'us-east-1',
        accessKeyId,
        secretAccessKey,
      },
      ...{ caFile: tls.caFile, caPem },
      stop: () => destroyRunFolder(folder),
    };
  } catch (error) {
    await destroyRunFolder(folder);
    throw error;
  }
}

import { join } from 'node:path';
import { cacheRoot, exists, installOnce } from './cache.ts';
import { findCommand, run } from './processes.ts';
import { createRunFolder, destroyRunFolder } from './runFolder.ts';
import { keepSaying, type Say } from './say.ts';

/** The last commit of the open-source server; it ships no binaries, `go install` is its official way. */
const version = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/**
 * The MinIO server's binary: `$MINIO`, else `minio` on PATH, else built into the cache from source,
 * which takes some minutes once.
 */
export async function minioBinary(say: Say): Promise<string> {
  const given = await givenBinary();
  if (given !== undefined) return given;
  const folder = await installOnce(`minio-${version}`, (target) => build(target, say), say);
  return join(folder, 'minio');
}

/** Whether there is a binary without building one. */
export async function minioIsThere(): Promise<boolean> {
  return (
    (await givenBinary()) !== undefined || (await exists(join(cacheRoot(), `minio-${version}`)))
  );
}

async function givenBinary(): Promise<string | undefined> {
  const given = process.env['MINIO'];
  return given !== undefined && given !== '' ? given : findCommand('minio');
}

async function build(target: string, say: Say): Promise<void> {
  const go = (await findCommand('go')) ?? (await findCommand('/usr/local/go/bin/go'));
  if (go === undefined) {
    throw new Error('neither `minio` nor `go` (1.24 or newer, to build it) is installed');
  }
  const what = 'building MinIO from source, once: about 3 minutes on 2 cores, 2.2 GB meanwhile';
  say(what);
  const stopSaying = keepSaying(say, what);
  const scratch = createRunFolder('gobuild');
  try {
    await run(go, ['install', `github.com/minio/minio@${version}`], {
      cwd: scratch,
      env: {
        ...process.env,
        GOBIN: target,
        GOMODCACHE: join(scratch, 'mod'),
        GOCACHE: join(scratch, 'cache'),
        GOFLAGS: '-modcacherw',
      },
    });
  } finally {
    stopSaying();
    await destroyRunFolder(scratch);
  }
}

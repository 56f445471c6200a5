import { join } from 'node:path';
import { installOnce } from './cache.ts';
import { findCommand, run } from './processes.ts';
import { createRunFolder, destroyRunFolder } from './runFolder.ts';
import { keepSaying, type Say } from './say.ts';

/**
 * A command that `go install` builds into the cache, once: what is on PATH may be old, or (with
 * `mc`) Midnight Commander.
 *
 * @returns its path
 */
export async function goBinary(name: string, source: string, say: Say): Promise<string> {
  const folder = await installOnce(
    `${name}-latest`,
    async (target) => {
      const go = (await findCommand('go')) ?? (await findCommand('/usr/local/go/bin/go'));
      if (go === undefined) throw new Error('Go is not installed, which builds it');
      say(`building ${name} from source, once`);
      const stopSaying = keepSaying(say, `building ${name}`);
      const scratch = createRunFolder('gobuild');
      const env = {
        ...process.env,
        ...{ GOBIN: target, GOFLAGS: '-modcacherw' },
        ...{ GOMODCACHE: join(scratch, 'mod'), GOCACHE: join(scratch, 'cache') },
      };
      try {
        await run(go, ['install', source], { cwd: scratch, env });
      } finally {
        stopSaying();
        await destroyRunFolder(scratch);
      }
    },
    say,
  );
  return join(folder, name);
}

import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { cacheRoot, exists, withLock } from './cache.ts';
import { findCommand, run } from './processes.ts';
import { keepSaying, type Say } from './say.ts';

/**
 * Makes sure that commands exist, installing Debian packages where this process is root on a
 * Debian-like system. Throws a sentence that tells what to install otherwise.
 */
export async function needCommands(
  commands: readonly string[],
  packages: readonly string[],
  say: Say,
): Promise<void> {
  if ((await missingOf(commands)).length === 0) return;
  await mkdir(cacheRoot(), { recursive: true });
  await withLock(join(cacheRoot(), 'apt.lock'), say, async () => {
    const missing = await missingOf(commands);
    if (missing.length === 0) return;
    const line = `apt-get install --no-install-recommends ${packages.join(' ')}`;
    const lack = `${missing.join(', ')} not found`;
    if (!(await exists('/etc/debian_version')) || (await findCommand('apt-get')) === undefined) {
      throw new Error(`${lack}; on Debian: ${line}`);
    }
    if (process.getuid?.() !== 0) throw new Error(`${lack}; as root: ${line}`);
    say(`${lack}: ${line}`);
    const stopSaying = keepSaying(say, 'apt-get is at work');
    try {
      // dpkg may be locked by somebody else's run for a while.
      const patient = ['-o', 'DPkg::Lock::Timeout=600', '-qq'];
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      await run('apt-get', [...patient, 'update'], { env });
      const parameters = [...patient, '-y', '--no-install-recommends', 'install', ...packages];
      await run('apt-get', parameters, { env });
    } finally {
      stopSaying();
    }
    const still = await missingOf(commands);
    if (still.length > 0) throw new Error(`${still.join(', ')} still missing after: ${line}`);
  });
}

async function missingOf(commands: readonly string[]): Promise<string[]> {
  const found = await Promise.all(commands.map(findCommand));
  return commands.filter((_, index) => found[index] === undefined);
}

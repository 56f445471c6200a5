import { lstat } from 'node:fs/promises';
import { keepBothName } from './keepBothName.ts';
import { localPath } from './sync/localPath.ts';
import type { LocalSystem } from './sync/nameRules.ts';
import type { DownloadPlan, PlannedDownload } from './downloadPlan.ts';
import type { DownloadTask } from './downloadTree.ts';
import type { ExistingPolicy } from './existingPolicy.ts';
import { codeOf, readFailure } from './transferError.ts';

/**
 * What is going to be done with the objects of a plan, now that it is known what becomes of files
 * that are there already.
 *
 * @returns the tasks; objects that are skipped have none
 */
export async function downloadTasks(
  { folder, files }: DownloadPlan,
  policy: ExistingPolicy,
  system: LocalSystem,
): Promise<readonly DownloadTask[]> {
  const taken = new Set(files.map(({ below }) => folded(below)));
  const tasks: DownloadTask[] = [];
  for (const { existing, ...file } of files) {
    if (existing === undefined) tasks.push({ ...file, condition: { type: 'absent' } });
    else if (policy === 'overwrite') {
      tasks.push({ ...file, condition: { type: 'matches', file: existing } });
    } else if (policy === 'keepBoth') {
      const below = await freeName(folder, file.below, taken, system);
      const path = localPath(folder, below, system);
      tasks.push({ ...file, below, path, condition: { type: 'absent' } });
    }
  }
  return tasks;
}

async function freeName(
  folder: string,
  below: PlannedDownload['below'],
  taken: Set<string>,
  system: LocalSystem,
): Promise<string> {
  for (let count = 2; ; count += 1) {
    const free = keepBothName(below, count);
    if (taken.has(folded(free))) continue;
    taken.add(folded(free));
    if (!(await isThere(localPath(folder, free, system)))) return free;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw readFailure(path, error);
  }
}

/** Rather one name too many taken for the same than one too few. */
function folded(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase();
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SyncPair } from '../../transfer/sync/syncPair.ts';
import type { Direction } from '../../transfer/sync/syncOptions.ts';
import { absoluteFolder, type FolderWords } from './localFolder.ts';
import type { PairDirection, SavedPair } from './savedPair.ts';

const directions: Readonly<Record<PairDirection, Direction>> = {
  upload: 'localToRemote',
  download: 'remoteToLocal',
  both: 'bothWays',
  copy: 'remoteToRemote',
};

export function engineDirection(direction: PairDirection): Direction {
  return directions[direction];
}

/** A saved pair as the engine takes it. @throws FolderProblem if its folder cannot be found out */
export function enginePair(pair: SavedPair, words: FolderWords): SyncPair {
  const { local, from, remote, deletions, targetChanges, followSymlinks } = pair;
  return {
    near:
      from === undefined
        ? { type: 'local', folder: absoluteFolder(local ?? '', words) }
        : { type: 'remote', address: from },
    far: remote,
    direction: engineDirection(pair.direction),
    ...{ deletions, targetChanges, followSymlinks },
    include: [...pair.include],
    exclude: [...pair.exclude],
  };
}

/**
 * The file that remembers what was synced between two places. It goes by the places alone, so that
 * a pair can be renamed, saved in another workspace or given another direction.
 */
export function stateFileOf(folder: string, { near, far }: SyncPair): string {
  const source = near.type === 'local' ? ['local', near.folder] : ['remote', parts(near.address)];
  const identity = JSON.stringify([source, parts(far)]);
  return join(folder, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.jsonl`);
}

function parts({ connection, bucket, prefix }: SyncPair['far']): readonly string[] {
  return [connection, bucket, prefix];
}

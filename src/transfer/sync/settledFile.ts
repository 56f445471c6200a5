import type { BigIntStats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { pause } from '../pause.ts';
import { readFailure, TransferError } from '../transferError.ts';

/**
 * How long after a write another one may leave the same modification time, in milliseconds: the
 * clock of a file system ticks in steps, of 10 ms at most on those that tell fractions of a second
 * and of 2 s on FAT.
 */
const fineTick = 20;
const coarseTick = 2000;

/** A file as it was looked at, before anything of it was read. */
export interface SettledFile {
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Whether every later write shows in the modification time. */
  readonly settled: boolean;
}

/**
 * Looks at a file that is about to be read, or was just written. If it was written only just now,
 * waits until a later write would show in its modification time, where that is soon.
 *
 * @throws TransferError `noFile`, `unreadable`
 */
export async function settledFile(
  path: string,
  options: { readonly followLink?: boolean | undefined; readonly signal?: AbortSignal | undefined },
): Promise<SettledFile> {
  for (let looks = 0; ; looks += 1) {
    const stats = await look(path, options.followLink === true);
    const tick = tickOf(stats);
    const age = Date.now() - Number(stats.mtimeNs / 1_000_000n);
    // A time that lies ahead was set by somebody; no write leaves it.
    const settled = age >= tick || age < -tick;
    if (settled || tick === coarseTick || looks === 3) {
      return { size: Number(stats.size), mtimeNs: stats.mtimeNs, settled };
    }
    await pause(tick - Math.max(0, age), options.signal);
  }
}

async function look(path: string, followLink: boolean): Promise<BigIntStats> {
  try {
    const stats = await (followLink ? stat : lstat)(path, { bigint: true });
    if (stats.isFile()) return stats;
  } catch (error) {
    throw readFailure(path, error);
  }
  throw new TransferError('noFile', path, `${path} is no regular file any more.`);
}

/** Nobody sets the time of the last change of an inode: it shows how fine the clock is. */
function tickOf({ ctimeNs }: BigIntStats): number {
  return ctimeNs % 1_000_000_000n === 0n ? coarseTick : fineTick;
}

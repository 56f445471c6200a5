import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs the work on a disk that is full after so many writes (of {@link FileHandle.writev}), for as
 * long as the work takes.
 */
export async function onFullDisk<T>(writes: number, work: () => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `ssec-probe-${process.pid}`);
  const probe = await open(path, 'w');
  const prototype = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  await rm(path);
  const original = Object.getOwnPropertyDescriptor(prototype, 'writev');
  if (original === undefined) throw new Error('FileHandle has no writev of its own.');
  const really = original.value as (this: FileHandle, ...parameters: unknown[]) => unknown;
  let left = writes;
  const value = function (this: FileHandle, ...parameters: unknown[]): unknown {
    left -= 1;
    if (left >= 0) return really.apply(this, parameters);
    const error = new Error('ENOSPC: no space left on device, write');
    return Promise.reject(Object.assign(error, { code: 'ENOSPC' }));
  };
  Object.defineProperty(prototype, 'writev', { ...original, value });
  try {
    return await work();
  } finally {
    Object.defineProperty(prototype, 'writev', original);
  }
}

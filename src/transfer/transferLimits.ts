import { Bandwidth } from './bandwidth.ts';
import { defaultParallelParts } from './partPlan.ts';
import { Slots } from './slots.ts';

/** What all transfers of a window share; hand the same one to each of them. */
export interface TransferLimits {
  /** Bodies on their way at the same time. */
  readonly slots: Slots;
  readonly bandwidth: Bandwidth;
}

/** Limits of a transfer on its own. */
export function createLimits(
  parallel = defaultParallelParts,
  bytesPerSecond?: number,
): TransferLimits {
  return { slots: new Slots(parallel), bandwidth: new Bandwidth(bytesPerSecond) };
}

/** How far a transfer of one file is. */
export interface TransferProgress {
  /** What is across, in bytes; what a resumed transfer had before is included. */
  readonly bytes: number;
  readonly total: number;
}

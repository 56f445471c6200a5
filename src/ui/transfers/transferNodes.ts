import type { RunOutcome } from '../objects/runOutcome.ts';
import type { Transfer } from './transfer.ts';

/** A transfer in the view; what menus are opened on. */
export class TransferNode {
  readonly transfer: Transfer;

  constructor(transfer: Transfer) {
    this.transfer = transfer;
  }
}

/** Something that failed in a transfer. */
export class FailureNode {
  readonly parent: TransferNode;
  readonly index: number;
  readonly failure: RunOutcome['failures'][number];

  constructor(parent: TransferNode, index: number, failure: RunOutcome['failures'][number]) {
    this.parent = parent;
    this.index = index;
    this.failure = failure;
  }
}

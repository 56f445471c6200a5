import { setImmediate } from 'node:timers/promises';
import type { ObjectAddress } from '../../../src/core/address.ts';
import type { KeyQuestionReason } from '../../../src/core/keyAccess.ts';
import type { KeyAnswer, KeyAsker } from '../../../src/keys/keyAccess.ts';
import type { KeyRecord } from '../../../src/keys/keyRecord.ts';

/** A person who answers as a test planned. Notes the questions, and whether two were open at once. */
export class PlannedAsker implements KeyAsker {
  readonly questions: string[] = [];
  mostOpen = 0;
  #open = 0;
  /** What is picked, one answer a question; at the end the person gives up. */
  picks: (KeyAnswer | undefined)[] = [];
  /** What is said to every binding. */
  binding: boolean | 'bucketOnly' = true;

  async pickKey(
    address: ObjectAddress,
    host: string,
    reason: KeyQuestionReason,
  ): Promise<KeyAnswer | undefined> {
    await this.#ask(`pick ${address.bucket}/${address.key} at ${host}: ${reason}`);
    return this.picks.shift();
  }

  async confirmBinding(
    record: KeyRecord,
    host: string,
    bucket: string,
  ): Promise<boolean | 'bucketOnly'> {
    await this.#ask(`bind ${record.name} to ${host}/${bucket}`);
    return this.binding;
  }

  async #ask(question: string): Promise<void> {
    this.questions.push(question);
    this.#open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.#open);
    await setImmediate();
    this.#open -= 1;
  }
}

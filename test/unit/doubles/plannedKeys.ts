import type { ObjectAddress } from '../../../src/core/address.ts';
import type { CustomerKey } from '../../../src/core/customerKey.ts';
import type {
  KeyAccess,
  KeyQuestionReason,
  OpenedWith,
  RuleKeys,
} from '../../../src/core/keyAccess.ts';

/** A KeyAccess that yields and answers what a test planned, and notes what it is told. */
export class PlannedKeys implements KeyAccess {
  readonly remembered: { key: string; openedWith: OpenedWith }[] = [];
  readonly questions: KeyQuestionReason[] = [];
  candidatesToYield: readonly OpenedWith[];
  answers: (OpenedWith | undefined)[];
  forNew: OpenedWith = 'none';
  /** Fingerprints with a space and the host that the person refuses to bind them to. */
  readonly unbound = new Set<string>();
  readonly forgotten: string[] = [];
  /** How many candidates were asked for. */
  yielded = 0;

  constructor(candidates: readonly OpenedWith[], answers: (OpenedWith | undefined)[] = []) {
    this.candidatesToYield = candidates;
    this.answers = answers;
  }

  ruled: RuleKeys = () => undefined;

  // eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
  async *candidates(): AsyncIterable<OpenedWith> {
    for (const candidate of this.candidatesToYield) {
      this.yielded += 1;
      yield candidate;
    }
  }

  forNewObject(): Promise<OpenedWith> {
    return Promise.resolve(this.forNew);
  }

  ruleKeys(): Promise<RuleKeys> {
    return Promise.resolve(this.ruled);
  }

  mayBeSent(customerKey: CustomerKey, _address: ObjectAddress, host: string): Promise<boolean> {
    return Promise.resolve(!this.unbound.has(`${customerKey.fingerprint} ${host}`));
  }

  ask(
    _address: ObjectAddress,
    _host: string,
    reason: KeyQuestionReason,
  ): Promise<OpenedWith | undefined> {
    this.questions.push(reason);
    return Promise.resolve(this.answers.shift());
  }

  known({ key }: ObjectAddress): string | undefined {
    const last = this.remembered.findLast((each) => each.key === key)?.openedWith;
    return typeof last === 'object' ? last.fingerprint : last;
  }

  remember({ key }: ObjectAddress, openedWith: OpenedWith): void {
    this.remembered.push({ key, openedWith });
  }

  forget({ key }: ObjectAddress): void {
    this.forgotten.push(key);
  }
}

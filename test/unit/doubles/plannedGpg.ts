import type { ObjectAddress } from '../../../src/core/address.ts';
import type { GpgPassphrase } from '../../../src/core/gpg.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createGpgCipher } from '../../../src/gpg/gpgCipher.ts';
import { type GpgAsker, GpgPassphrases } from '../../../src/keys/gpgPassphrases.ts';
import { MemorySecretStore } from './memorySecretStore.ts';

/** A person who types what a test planned: passphrases, or undefined to give up. */
export class PlannedGpgAsker implements GpgAsker {
  readonly questions: string[] = [];
  readonly offered: GpgPassphrase[] = [];
  answers: (string | undefined)[] = [];

  askToOpen({ key }: ObjectAddress, reason: string): Promise<Secret | undefined> {
    return this.#answer(`${key} ${reason}`);
  }

  askFor(name: string): Promise<Secret | undefined> {
    return this.#answer(name);
  }

  offerToKeep(passphrase: GpgPassphrase): void {
    this.offered.push(passphrase);
  }

  #answer(question: string): Promise<Secret | undefined> {
    this.questions.push(question);
    const text = this.answers.shift();
    return Promise.resolve(text === undefined ? undefined : new Secret(text));
  }
}

/** The real cipher and passphrases with a planned person. */
export function plannedGpg(...answers: (string | undefined)[]): {
  readonly gpg: GpgPassphrases;
  readonly asker: PlannedGpgAsker;
  readonly secrets: MemorySecretStore;
  /** The name that a rule has for everything. */
  readonly rule: { name?: string };
  readonly clock: { now: number };
} {
  const asker = new PlannedGpgAsker();
  asker.answers = answers;
  const secrets = new MemorySecretStore();
  const rule: { name?: string } = {};
  const clock = { now: 1_000_000 };
  const gpg = new GpgPassphrases({
    ...{ asker, secrets, ruledName: () => rule.name, now: () => clock.now },
    cipher: () => Promise.resolve(createGpgCipher()),
  });
  return { gpg, asker, secrets, rule, clock };
}

import * as v from 'valibot';
import type { Fingerprint } from '../core/customerKey.ts';
import { bindingSchema } from './keyItem.ts';
import type { KeyRecord } from './keyRecord.ts';
import type { StateStore } from './stores.ts';
import { Turns } from './turns.ts';

const shadowSchema = v.object({
  name: v.string(),
  bindings: v.array(bindingSchema),
  createdAt: v.string(),
});

const indexSchema = v.record(v.string(), shadowSchema);

/** What is known of a customer key without its secret. */
export type Shadow = Pick<KeyRecord, 'name' | 'bindings' | 'createdAt'>;

/**
 * Remembers, beside the secret storage, which customer keys of a scope there are, so that a secret
 * that VS Code lost (it deletes what it cannot decrypt) is noticed. It holds no secret.
 */
export class ShadowIndex {
  readonly #state: StateStore;
  readonly #turns = new Turns();

  constructor(state: StateStore) {
    this.#state = state;
  }

  all(): ReadonlyMap<Fingerprint, Shadow> {
    const result = v.safeParse(indexSchema, this.#state.get('keyRing'));
    return new Map(result.success ? Object.entries(result.output) : []);
  }

  /** Sets or (with undefined) removes a shadow; writes only if that changes something. */
  set(fingerprint: Fingerprint, shadow: Shadow | undefined): Promise<void> {
    return this.#turns.take(async () => {
      const all = new Map(this.all());
      if (JSON.stringify(all.get(fingerprint)) === JSON.stringify(shadow)) return;
      if (shadow === undefined) all.delete(fingerprint);
      else all.set(fingerprint, shadow);
      await this.#state.set('keyRing', Object.fromEntries(all));
    });
  }
}

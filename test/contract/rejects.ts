import assert from 'node:assert/strict';
import {
  StoreError,
  type StoreErrorDetails,
  type StoreErrorKind,
} from '../../src/core/storeError.ts';

/** Expects a StoreError of a kind, with some of its details; gives it. */
export async function rejects(
  promise: Promise<unknown>,
  kind: StoreErrorKind | readonly StoreErrorKind[],
  details: Partial<StoreErrorDetails> = {},
): Promise<StoreError> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    assert.ok(error instanceof StoreError, `not a StoreError: ${String(error)}`);
    const kinds: readonly string[] = typeof kind === 'string' ? [kind] : kind;
    assert.ok(
      kinds.includes(error.kind),
      `${error.kind} instead of ${String(kind)}: ${error.message}`,
    );
    assert.deepEqual({ ...error.details, ...details }, { ...error.details });
    assert.match(error.message, /.\.$/, 'the message ends as a sentence');
    return error;
  }
  throw new assert.AssertionError({
    message: `${String(kind)} was expected, but got ${String(result)}`,
  });
}

import type { ObjectAddress } from '../core/address.ts';
import type { ObjectBody, PutOptions, PutResult } from '../core/objectStore.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { compareBefore, currentEtag } from './currentEtag.ts';
import { quoted } from './etags.ts';
import { readBack } from './readBack.ts';
import { sendPut, type PutConditions } from './sendPut.ts';
import type { EtagForm } from './serverProfile.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * A PUT that must not overwrite what somebody else wrote. Where the server's own If-Match and
 * If-None-Match can be relied on it is one request; elsewhere the ETag is compared right before, and
 * the way to write If-Match that works (quoted, unquoted, none) is found out and remembered.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function putGuarded(
  wire: Wire,
  address: ObjectAddress,
  body: ObjectBody,
  options: PutOptions,
): Promise<PutResult> {
  let unguarded = false;
  for (;;) {
    let otherKey = false;
    if (unguarded || !serverGuards(wire, address, body, options)) {
      ({ otherKey } = await compareBefore(wire, address, options.condition, options));
    }
    const form = unguarded || otherKey ? 'none' : formFor(wire, address, body);
    try {
      const result = await sendPut(wire, address, body, options, conditionsOf(options, form));
      const matched = options.condition.type === 'matches' && form !== 'none';
      if (matched) wire.server.learnEtagForm(address.bucket, form, true);
      return result;
    } catch (error) {
      if (!isStoreError(error)) throw error;
      const settled = await settle(wire, address, body, options, error, form);
      if (typeof settled === 'object') return settled;
      unguarded = settled === 'unguarded';
    }
  }
}

/** Whether the server alone refuses the PUT if the condition does not hold. */
function serverGuards(
  wire: Wire,
  address: ObjectAddress,
  body: ObjectBody,
  { condition }: PutOptions,
): boolean {
  const { habits } = wire.server;
  if (condition.type === 'absent') return habits.ifNoneMatchAtomic;
  // A stream cannot be sent again should the server understand the condition in a way of its own.
  if (!(body instanceof Uint8Array)) return false;
  return habits.ifMatchAtomic && wire.server.etagForm(address.bucket) !== 'none';
}

/** A stream takes no form that may turn out to be refused wrongly. */
function formFor(wire: Wire, { bucket }: ObjectAddress, body: ObjectBody): EtagForm {
  const certain = isTrusted(wire) || wire.server.isProven(bucket);
  return body instanceof Uint8Array || certain ? wire.server.etagForm(bucket) : 'none';
}

function conditionsOf({ condition }: PutOptions, form: EtagForm): PutConditions {
  if (condition.type === 'absent') return { IfNoneMatch: '*' };
  if (condition.type === 'any' || form === 'none') return {};
  return { IfMatch: form === 'quoted' ? quoted(condition.etag) : condition.etag };
}

/**
 * Finds out what a failed PUT means: a conflict, a way to write If-Match that the server does not
 * understand, or a PUT that arrived although its answer says otherwise (it was repeated after a lost
 * answer and met itself; Ceph answers some lost races by 500).
 */
async function settle(
  wire: Wire,
  address: ObjectAddress,
  body: ObjectBody,
  options: PutOptions,
  error: StoreError,
  form: EtagForm,
): Promise<PutResult | 'again' | 'unguarded'> {
  const { condition } = options;
  const { status, attempts = 1 } = error.details;
  const lost = status === undefined ? error.kind === 'network' : status >= 500 && status !== 501;
  // A missing object is a conflict (MinIO says 404 to If-Match); a missing bucket is not.
  const refused = error.kind === 'conflict' || error.kind === 'notFound';
  // To a condition on what is encrypted otherwise MinIO says that the key does not fit the object.
  const misread = error.kind === 'notEncrypted' || error.kind === 'customerKeyRequired';
  if (!lost && !refused && !misread && error.kind !== 'unsupported') throw error;
  if (body instanceof Uint8Array && (lost || (refused && attempts > 1))) {
    const stored = await readBack(wire, address, body, options).catch(() => undefined);
    if (stored !== undefined) return stored;
  }
  const conflict = wire.error('conflict', subjectOf(address, options), { cause: error });
  if (refused && isTrusted(wire)) throw conflict;
  const expected = condition.type === 'matches' ? condition.etag : undefined;
  const current = await currentEtag(wire, address, options).catch(() => unknown);
  if (current !== expected) throw current === unknown ? error : conflict;
  // The condition holds and was refused all the same. A stream cannot be sent again.
  const hopeless = lost || form === 'none' || condition.type !== 'matches';
  if (hopeless || !(body instanceof Uint8Array)) throw error;
  if (misread) return 'unguarded';
  const next = form === 'quoted' && error.kind !== 'unsupported' ? 'unquoted' : 'none';
  wire.server.learnEtagForm(address.bucket, next, false);
  return 'again';
}

/** No ETag of an object. */
const unknown = Symbol('unknown');

/** Whether a refusal is always what it says. */
function isTrusted(wire: Wire): boolean {
  return wire.server.kind === 'aws' || wire.server.kind === 'minio';
}

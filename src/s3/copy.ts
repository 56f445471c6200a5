import type { ObjectAddress } from '../core/address.ts';
import type { CopyOptions, CopyResult } from '../core/objectStore.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/** Not there yet. */
export function copyObject(
  wire: Wire,
  source: ObjectAddress,
  target: ObjectAddress,
  options: CopyOptions,
): Promise<CopyResult> {
  const subject = options.condition.type === 'any' ? source : target;
  return Promise.reject(wire.error('unsupported', subjectOf(subject)));
}

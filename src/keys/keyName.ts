import { isFingerprint } from './keyRecord.ts';
import { KeyRingError } from './keyRingError.ts';

/**
 * A customer key's name without spaces around it.
 *
 * @throws KeyRingError `invalidName` if it is empty, longer than 100 characters, has control
 *   characters, or could be taken for something else in a key rule
 */
export function checkKeyName(text: string): string {
  const name = text.trim();
  const problem = keyNameProblem(name);
  if (problem !== undefined) throw new KeyRingError('invalidName', problem, showableName(name));
  return name;
}

function keyNameProblem(name: string): string | undefined {
  if (name === '') return 'A customer key needs a name.';
  if (name.length > 100) return 'The name of a customer key has at most 100 characters.';
  if (/\p{Cc}/u.test(name)) return 'The name of a customer key has no control characters.';
  if (name.toLowerCase() === 'none') return '“none” means no encryption; choose another name.';
  if (isFingerprint(name) || looksLikeKey(name)) {
    return 'This name looks like a fingerprint or a customer key itself; choose another one.';
  }
  return undefined;
}

/** Whether a text is a customer key in base64 or hex, put where a name belongs. */
export function looksLikeKey(text: string): boolean {
  return /^([A-Za-z0-9+/_-]{43}=?|[0-9a-f]{64})$/i.test(text.trim());
}

/** Stands for a secret that was put where a name belongs. */
export const redactedName = '[redacted]';

/** What was given as a name, unless it is a secret in the wrong place. */
export function showableName(text: string): string {
  return looksLikeKey(text) ? redactedName : text;
}

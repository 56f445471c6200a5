/**
 * An object key or prefix of a listing with `encoding-type=url`; the SDK leaves it encoded. A space
 * is `+` or `%20`, a plus always `%2B`. Servers that ignore the parameter don't name it in their
 * answer.
 */
export function decodeListed(key: string | undefined, encoding: string | undefined): string {
  if (key === undefined) return '';
  if (encoding !== 'url') return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    // Not encoded after all.
    return key;
  }
}

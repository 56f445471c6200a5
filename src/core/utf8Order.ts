/**
 * Compares two texts in the binary order of their UTF-8, in which S3 lists object keys. It differs
 * from `<` where a surrogate pair meets U+E000 to U+FFFF.
 *
 * @returns negative, 0 or positive
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const ours = a.charCodeAt(index);
    const theirs = b.charCodeAt(index);
    if (ours !== theirs) return rank(ours) - rank(theirs);
  }
  return a.length - b.length;
}

/** Puts surrogates (U+10000 and above, so the longest in UTF-8) behind all other UTF-16 units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

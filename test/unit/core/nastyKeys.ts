import fc from 'fast-check';

/** Segments that something between an editor and a server likes to change. */
const nastySegment = fc.constantFrom(
  ...['', '.', '..', '...', '%', '%%', '%2F', '%25', '%2E', '%2e', '%zz', 'a', 'A', 'a%', 'a%2F'],
  ...[' ', ' a ', 'a\\b', '\\', '?', '#', '+', '&', 'C:', 'c:', '~', '*', '(a|b)', '[a]', '{a,b}'],
  ...['é', 'e\u0301', '😀', '\u0000', '\u0001', '\n', '\r\n', '\uffff', '\ufeff', '\u202e', '!a'],
);

/** Object keys: any text without lone surrogates, and joined nasty segments. */
export const nastyKey = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.array(nastySegment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/')),
    fc
      .array(
        fc.array(nastySegment, { maxLength: 3 }).map((parts) => parts.join('')),
        { maxLength: 4 },
      )
      .map((segments) => segments.join('/')),
  )
  .filter((key) => key !== '');

/** Prefixes as listings with the delimiter `/` give them, and the empty one. */
export const prefix = fc.oneof(
  { weight: 9, arbitrary: nastyKey.map((key) => `${key}/`) },
  { weight: 1, arbitrary: fc.constantFrom('', '/', '//') },
);

import { CustomerKey, customerKeyLength } from './customerKey.ts';

/** How a customer key was written. */
export type CustomerKeyFormat =
  /** The characters themselves, 32 bytes in UTF-8. */
  | 'text'
  | 'base64'
  | 'base64 without padding'
  /** RFC 4648 section 5: `-` and `_` instead of `+` and `/`, padded or not. */
  | 'base64url'
  | 'hex'
  /** 32 bytes, as of a file. */
  | 'raw';

/** One way to read an input as a customer key. */
export interface CustomerKeyReading {
  readonly key: CustomerKey;
  readonly format: CustomerKeyFormat;
}

/**
 * An input that is no customer key. The message says how long the input is and what is accepted;
 * the input itself is nowhere in it.
 */
export class CustomerKeyFormatError extends Error {
  override readonly name = 'CustomerKeyFormatError';
}

/**
 * Reads a customer key in any of the forms that S3 tools use: 32 characters of text, base64 (padded
 * or not, or base64url), 64 hex digits, or 32 raw bytes. A byte order mark, line ends and spaces
 * around it are ignored. Show the fingerprint at once: a key that was mistyped works, and opens
 * nothing.
 *
 * @param input typed text, or the bytes of a file
 * @returns the likeliest of {@link possibleReadings}
 * @throws CustomerKeyFormatError
 */
export function readCustomerKey(input: string | Uint8Array): CustomerKeyReading {
  const [likeliest] = possibleReadings(input);
  if (likeliest === undefined) throw new CustomerKeyFormatError(explain(input));
  return likeliest;
}

/**
 * Every way to read an input as a customer key, most likely first, each key once; empty if there is
 * none. The forms have different lengths (32, 43, 44, 64), so it is rarely more than one.
 */
export function possibleReadings(input: string | Uint8Array): readonly CustomerKeyReading[] {
  const readings: CustomerKeyReading[] = [];
  const add = (reading: CustomerKeyReading | undefined): void => {
    const isNew = readings.every(({ key }) => key.fingerprint !== reading?.key.fingerprint);
    if (reading !== undefined && isNew) readings.push(reading);
  };
  if (typeof input !== 'string' && input.length === customerKeyLength) {
    add({ key: new CustomerKey(input), format: 'raw' });
  }
  const text = typeof input === 'string' ? input : decodeText(input);
  if (text === undefined) return readings;
  const unframed = withoutFrame(text);
  // Spaces can belong to a text key, so it is read with them first.
  for (const candidate of [unframed, unframed.trim()]) add(readText(candidate));
  return readings;
}

/** Without what editors and shells put around a line: a byte order mark and line ends. */
function withoutFrame(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/^[\r\n]+|[\r\n]+$/g, '');
}

/** The text of a file, or undefined if it is not text. PowerShell's `>` writes UTF-16. */
function decodeText(bytes: Uint8Array): string | undefined {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readText(text: string): CustomerKeyReading | undefined {
  const reading = (bytes: Uint8Array, format: CustomerKeyFormat): CustomerKeyReading | undefined =>
    bytes.length === customerKeyLength ? { key: new CustomerKey(bytes), format } : undefined;
  const utf8 = Buffer.from(text, 'utf8');
  if (utf8.length === customerKeyLength) return reading(utf8, 'text');
  // xxd -p breaks its line after 60 digits.
  const digits = text.replace(/\s/g, '');
  if (/^[0-9a-f]{64}$/i.test(digits)) return reading(Buffer.from(digits, 'hex'), 'hex');
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return reading(Buffer.from(text, 'base64'), 'base64');
  if (/^[A-Za-z0-9+/]{43}$/.test(text)) {
    return reading(Buffer.from(text, 'base64'), 'base64 without padding');
  }
  if (/^[A-Za-z0-9_-]{43}=?$/.test(text)) {
    return reading(Buffer.from(text, 'base64url'), 'base64url');
  }
  return undefined;
}

const accepted =
  'A customer key has 32 bytes: as 32 characters of text, as 44 characters of base64 (43 without ' +
  'padding), as 64 hex digits, or as a file of exactly 32 bytes.';

/** Why an input is no customer key, without a word of it. */
function explain(input: string | Uint8Array): string {
  const text = typeof input === 'string' ? input : decodeText(input);
  if (text === undefined) return `This has ${plural(input.length, 'byte')}. ${accepted}`;
  const line = withoutFrame(text).trim();
  if (line === '') return `This is empty. ${accepted}`;
  const characters = Array.from(line).length;
  const bytes = Buffer.byteLength(line, 'utf8');
  const found =
    bytes === characters
      ? plural(characters, 'character')
      : `${plural(characters, 'character')} (${plural(bytes, 'byte')} in UTF-8)`;
  return `This has ${found}${hint(line)}. ${accepted}`;
}

/** What it looks like, if it looks like a key of another length. */
function hint(line: string): string {
  if (line.length > 1 && line.length % 2 === 0 && /^[0-9a-f]+$/i.test(line)) {
    return `, hex of ${plural(line.length / 2, 'byte')}`;
  }
  if (line.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(line)) {
    return `, perhaps base64 of ${plural(Buffer.from(line, 'base64').length, 'byte')}`;
  }
  if (line.length === 64) return ', not all of them hex digits';
  return line.length === 43 || line.length === 44 ? ', not all of them base64' : '';
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Header values as text and back, without losing a byte. Node and the SDK have header values as
 * "binary" text, one character a byte. What people write there is UTF-8, so that is what they see;
 * bytes that are no UTF-8 become lone surrogates (U+DC80 to U+DCFF, PEP 383), which only
 * {@link toHeader} turns back. So a value that was read can be restated as it was, always.
 *
 * Measured: MinIO and Ceph RGW take UTF-8 (with a signature over the bytes, see ByteSigner). Ceph
 * gives it back as it is; MinIO and AWS give `=?UTF-8?…?=` (RFC 2047) and keep that text when it is
 * restated, so it is not decoded here.
 */
export function fromHeader(value: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII is most common and needs nothing
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    text += character ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return text;
}

/** The opposite of {@link fromHeader}. */
export function toHeader(text: string): string {
  return Array.from(text, (character) => {
    const unit = character.charCodeAt(0);
    const escaped = character.length === 1 && unit >= 0xdc80 && unit <= 0xdcff;
    return escaped ? String.fromCharCode(unit - 0xdc00) : Buffer.from(character).toString('latin1');
  }).join('');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function characterAt(bytes: Buffer, at: number): string | undefined {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    return strict.decode(bytes.subarray(at, at + length));
  } catch {
    return undefined;
  }
}

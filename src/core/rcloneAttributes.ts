/**
 * User metadata as rclone writes it: `mtime` in decimal seconds with up to 9 fraction digits, and
 * `md5chksum`, the base64 MD5 of the content.
 *
 * @see https://rclone.org/s3/#modification-times-and-hashes
 */

const nanoseconds = 1_000_000_000n;

/** The years 1 to 9999; outside of them a number is no time in seconds (milliseconds, mostly). */
const earliest = -62_135_596_800n * nanoseconds;
const latest = 253_402_300_800n * nanoseconds;

/** Nanoseconds since 1970 as rclone writes them: `1354040105.123456789`, trailing zeros trimmed. */
export function formatMtime(mtimeNs: bigint): string {
  const magnitude = mtimeNs < 0n ? -mtimeNs : mtimeNs;
  const seconds = magnitude / nanoseconds;
  const fraction = (magnitude % nanoseconds).toString().padStart(9, '0').replace(/0+$/, '');
  return `${mtimeNs < 0n ? '-' : ''}${seconds}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * The inverse of {@link formatMtime}; digits after the ninth of the fraction are cut off.
 * @returns undefined if the text is no such time, or not in the years 1 to 9999
 */
export function parseMtime(text: string): bigint | undefined {
  const match = /^\s*(-?)(\d{1,12})(?:\.(\d*))?\s*$/.exec(text);
  if (match === null) return undefined;
  const [, sign, seconds = '', fraction = ''] = match;
  const magnitude = BigInt(seconds + fraction.slice(0, 9).padEnd(9, '0'));
  const mtimeNs = sign === '-' ? -magnitude : magnitude;
  return mtimeNs >= earliest && mtimeNs < latest ? mtimeNs : undefined;
}

/** An MD5 in base64, as `md5chksum`, Content-MD5 and fingerprints have it; padding may lack. */
export function parseMd5(text: string): string | undefined {
  const match = /^\s*([A-Za-z0-9+/]{21}[AQgw])(?:==)?\s*$/.exec(text);
  return match?.[1] === undefined ? undefined : `${match[1]}==`;
}

import { createDecipheriv } from 'node:crypto';

/** As much as stands before the encrypted data, and its first 18 bytes; it is seldom 60 bytes. */
const headLength = 4096;

/** The packet types that matter here. */
const sessionKeyPacket = 3;
const dataPacket = 18;

/**
 * Tells a wrong passphrase from damaged data. Encrypted data begins with 16 random bytes the last
 * two of which are repeated, so that 65,535 of 65,536 wrong keys are found out before anything is
 * decrypted.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9580#section-5.13.1
 */
export class PassphraseCheck {
  #head = Buffer.alloc(0);

  /** Hands the bytes on, and keeps the first of them. */
  async *watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of bytes) {
      if (this.#head.length < headLength) this.#head = Buffer.concat([this.#head, chunk]);
      yield chunk;
    }
  }

  /**
   * Whether the key is the one of the data; undefined if there is no telling, as with old ciphers.
   * Of a wrong passphrase, too, may come a key that looks like one of those.
   */
  isFitting({
    data: key,
    algorithm,
  }: {
    data: Uint8Array;
    algorithm: string;
  }): boolean | undefined {
    const start = this.#encryptedStart();
    const cipher = /^aes(128|192|256)$/.exec(algorithm)?.[1];
    if (start === undefined || cipher === undefined) return undefined;
    const decipher = createDecipheriv(`aes-${cipher}-cfb`, key, Buffer.alloc(16));
    const prefix = decipher.update(start);
    return prefix[14] === prefix[16] && prefix[15] === prefix[17];
  }

  /** The first 18 bytes that were encrypted; undefined if they are not found. */
  #encryptedStart(): Uint8Array | undefined {
    const head = this.#head;
    for (let at = 0; at < head.length;) {
      const packet = packetAt(head, at);
      if (packet?.type === dataPacket && head[packet.body] === 1) {
        const start = head.subarray(packet.body + 1, packet.body + 19);
        return start.length === 18 ? start : undefined;
      }
      if (packet?.type !== sessionKeyPacket || packet.length === undefined) return undefined;
      at = packet.body + packet.length;
    }
    return undefined;
  }
}

/** What stands at a place: a packet's type, where its body begins, and its length if it is told. */
function packetAt(
  bytes: Buffer,
  at: number,
): { type: number; body: number; length: number | undefined } | undefined {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1] ?? 0;
  if ((tag & 0x80) === 0) return undefined;
  if ((tag & 0x40) === 0) {
    const type = (tag & 0x3c) >> 2;
    const size = [1, 2, 4, 0][tag & 3] ?? 0;
    if (at + 1 + size > bytes.length) return undefined;
    const length = size === 0 ? undefined : bytes.readUIntBE(at + 1, size);
    return { type, body: at + 1 + size, length };
  }
  const type = tag & 0x3f;
  if (first < 192) return { type, body: at + 2, length: first };
  if (first < 224) {
    return { type, body: at + 3, length: ((first - 192) << 8) + (bytes[at + 2] ?? 0) + 192 };
  }
  if (first < 255) return { type, body: at + 2, length: undefined };
  return {
    type,
    body: at + 6,
    length: at + 6 > bytes.length ? undefined : bytes.readUInt32BE(at + 2),
  };
}

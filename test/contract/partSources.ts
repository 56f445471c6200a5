import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PartSource } from '../../src/core/multipartStore.ts';

/** Bytes in memory as a part; `announced` stands in for the bytes that the digest is of. */
export function partOf(bytes: Uint8Array, announced = bytes): PartSource {
  return {
    size: bytes.length,
    async *read() {
      for (let at = 0; at < bytes.length; at += 1 << 20) {
        yield await Promise.resolve(bytes.subarray(at, at + (1 << 20)));
      }
    },
    digest: (algorithm) => {
      if (algorithm === 'md5') {
        return Promise.resolve(createHash('md5').update(announced).digest('base64'));
      }
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(crc32(announced));
      return Promise.resolve(sum.toString('base64'));
    },
  };
}

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { FileHash } from '../../../src/transfer/fileHash.ts';
import { withFolder } from '../support/folders.ts';

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

function crc(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

describe('FileHash', () => {
  const folder = withFolder();
  const bytes = randomBytes(3_500_000);

  it('hashes a file or its parts', async () => {
    const path = await folder.write('whole', bytes);
    const handle = await open(path);
    const partSize = 1_500_000;
    const parts = [0, 1, 2].map((n) => bytes.subarray(n * partSize, (n + 1) * partSize));
    for (const [algorithm, of] of [
      ['md5', md5],
      ['crc32', crc],
    ] as const) {
      const whole = new FileHash(handle.fd, { algorithm });
      assert.deepEqual(await whole.finish(bytes.length), [of(bytes)]);
      const each = new FileHash(handle.fd, { algorithm, partSize });
      assert.deepEqual(await each.finish(bytes.length), parts.map(of));
      const exact = new FileHash(handle.fd, { algorithm, partSize });
      assert.deepEqual(await exact.finish(partSize * 2), parts.slice(0, 2).map(of));
      await whole.stop();
    }
    await handle.close();
  });

  it('follows a file that grows', async () => {
    const handle = await open(folder.path('growing'), 'wx+');
    const hash = new FileHash(handle.fd, { algorithm: 'md5' });
    for (let at = 0; at < bytes.length; at += 1_000_000) {
      const piece = bytes.subarray(at, at + 1_000_000);
      await handle.write(piece, 0, piece.length, at);
      hash.advance(at + piece.length);
    }
    assert.deepEqual(await hash.finish(bytes.length), [md5(bytes)]);
    await handle.close();
  });

  it('hashes nothing', async () => {
    const handle = await open(await folder.write('empty', Buffer.alloc(0)));
    const whole = new FileHash(handle.fd, { algorithm: 'md5' });
    assert.deepEqual(await whole.finish(0), [md5(Buffer.alloc(0))]);
    const parts = new FileHash(handle.fd, { partSize: 10, algorithm: 'crc32' });
    assert.deepEqual(await parts.finish(0), []);
    await handle.close();
  });

  it('fails on a file that is shorter', async () => {
    const handle = await open(await folder.write('short', bytes));
    await assert.rejects(
      new FileHash(handle.fd, { algorithm: 'md5' }).finish(bytes.length + 1),
      RangeError,
    );
    await handle.close();
  });

  it('can be stopped', async () => {
    const handle = await open(await folder.write('stopped', bytes));
    const hash = new FileHash(handle.fd, { algorithm: 'md5' });
    const result = hash.finish(bytes.length * 1000);
    await Promise.all([assert.rejects(result), hash.stop()]);
    await handle.close();
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isGpgError, type GpgErrorReason } from '../../../src/core/gpg.ts';
import { Secret } from '../../../src/core/secret.ts';
import { StoreError } from '../../../src/core/storeError.ts';
import { createGpgCipher } from '../../../src/gpg/gpgCipher.ts';

const cipher = createGpgCipher();
const passphrase = new Secret('correct horse');

// eslint-disable-next-line @typescript-eslint/require-await -- a stream by contract
async function* inPieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function reasonOf(work: Promise<unknown>): Promise<GpgErrorReason> {
  try {
    await work;
  } catch (error) {
    if (isGpgError(error)) return error.reason;
    throw error;
  }
  assert.fail('It was decrypted.');
}

/** What `gpg -c` wrote of a text, by the way that it was told to. */
function recorded(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'recorded', `${name}.gpg`));
}

describe('gpgCipher', () => {
  it('reads back what it writes, whatever the size', async () => {
    for (const size of [0, 1, 17, 70_000, 3_000_000]) {
      const plain = Buffer.alloc(size, 'abc');
      const sealed = await collect(cipher.encrypt(inPieces(plain, 65_536), passphrase));
      assert.ok(!sealed.includes('abcabc'));
      for (const pieces of [17, 65_536]) {
        if (size > 1_000_000 && pieces === 17) continue;
        const read = await collect(cipher.decrypt(inPieces(sealed, pieces), passphrase));
        assert.ok(read.equals(plain), `${size} bytes`);
      }
    }
  });

  it('reads what gpg wrote, also by old ciphers', async () => {
    for (const name of ['aes256', 'cast5']) {
      const read = await collect(cipher.decrypt(inPieces(recorded(name)), passphrase));
      assert.equal(read.toString(), 'Dear reader\n', name);
    }
  });

  it('tells a wrong passphrase from damage', async () => {
    const ours = await collect(cipher.encrypt(inPieces(Buffer.alloc(5000)), passphrase));
    for (const sealed of [recorded('aes256'), ours]) {
      const wrong = cipher.decrypt(inPieces(sealed), new Secret('battery staple'));
      assert.equal(await reasonOf(collect(wrong)), 'wrongPassphrase');
      for (const at of [sealed.length - 30, sealed.length - 1]) {
        const damaged = Buffer.from(sealed);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        const read = cipher.decrypt(inPieces(damaged), passphrase);
        assert.equal(await reasonOf(collect(read)), 'damaged');
      }
      const cut = cipher.decrypt(inPieces(sealed.subarray(0, -10)), passphrase);
      assert.equal(await reasonOf(collect(cut)), 'damaged');
    }
  });

  it('takes damage that old ciphers do not tell for a wrong passphrase, never the other way', async () => {
    for (const secret of ['battery staple', 'correct horse ', 'x']) {
      const read = cipher.decrypt(inPieces(recorded('cast5')), new Secret(secret));
      assert.equal(await reasonOf(collect(read)), 'wrongPassphrase', secret);
    }
    const cut = cipher.decrypt(inPieces(recorded('cast5').subarray(0, -10)), passphrase);
    assert.equal(await reasonOf(collect(cut)), 'wrongPassphrase');
  });

  it('does not trust what nothing guards', async () => {
    const read = cipher.decrypt(inPieces(recorded('unguarded')), passphrase);
    assert.equal(await reasonOf(collect(read)), 'unsupported');
  });

  it('says of anything else that it is nothing of GPG', async () => {
    for (const bytes of [Buffer.from('Dear reader\n'), Buffer.alloc(100), Buffer.alloc(0)]) {
      const read = cipher.decrypt(inPieces(bytes), passphrase);
      assert.equal(await reasonOf(collect(read)), 'unsupported', bytes.toString());
    }
  });

  it('throws on what the source throws', async () => {
    const failure = new StoreError('network', 'The network is gone.');
    const sealed = await collect(cipher.encrypt(inPieces(Buffer.alloc(5000)), passphrase));
    async function* broken(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
      yield* inPieces(bytes.subarray(0, 3000));
      throw failure;
    }
    await assert.rejects(collect(cipher.decrypt(broken(sealed), passphrase)), failure);
    await assert.rejects(collect(cipher.encrypt(broken(sealed), passphrase)), failure);
  });
});

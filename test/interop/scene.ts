import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CustomerKey } from '../../src/core/customerKey.ts';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import { Secret } from '../../src/core/secret.ts';
import { createGpgCipher } from '../../src/gpg/gpgCipher.ts';
import { GpgPassphrases } from '../../src/keys/gpgPassphrases.ts';
import { createStore } from '../../src/s3/s3Store.ts';
import type { TransferContext } from '../../src/transfer/transferContext.ts';
import { Buckets } from '../contract/buckets.ts';
import { createRawClient } from '../contract/rawClient.ts';
import { serversFromEnvironment, type TestServer } from '../servers/fromEnvironment.ts';
import { MemorySecretStore } from '../unit/doubles/memorySecretStore.ts';
import { PlannedKeys } from '../unit/doubles/plannedKeys.ts';

/** The files that are exchanged: text, nothing, odd names, and more than one part. */
export const contents: readonly (readonly [name: string, content: Buffer])[] = [
  ['letter.txt', Buffer.from('Dear reader,\nthis is plain text.\n')],
  ['empty', Buffer.alloc(0)],
  ['dir/with space & ünï.bin', randomBytes(70_000)],
  ['large.bin', randomBytes(18 * 1024 * 1024 + 3)],
];

/** When the files were modified, in seconds; whole ones, which all peers keep. */
export const mtime = 1_500_000_000;

/** The passphrase of GPG. */
export const passphrase = 'correct horse battery';

/** A server with a bucket, a customer key and a folder of its own. */
export class Scene {
  readonly server: TestServer;
  readonly store: ObjectStore;
  /** One that is text as well: some peers take no other. */
  readonly customerKey = new CustomerKey(Buffer.from(randomBytes(16).toString('hex')));
  readonly requests: string[] = [];
  readonly #buckets: Buckets;
  readonly #raw: ReturnType<typeof createRawClient>;
  bucket = '';
  folder = '';

  constructor(server: TestServer) {
    this.server = server;
    this.#raw = createRawClient(server);
    this.#buckets = new Buckets(this.#raw);
    const { region, caFile, accessKeyId, secretAccessKey } = server;
    this.store = createStore({
      connection: {
        ...{ name: 'interop', endpoint: server.endpoint, region, addressing: 'path', caFile },
        credentials: { source: 'accessKey' },
      },
      accessKey: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
      guard: () => true,
      onRequest: ({ operation }) => this.requests.push(operation),
    });
  }

  async begin(): Promise<void> {
    this.bucket = await this.#buckets.create();
    this.folder = await mkdtemp(join(tmpdir(), 'ssec-interop-'));
  }

  async end(): Promise<void> {
    await this.#buckets.removeAll();
    await rm(this.folder, { recursive: true, force: true });
    this.store.dispose();
    this.#raw.dispose();
  }

  /** Our side: what every transfer needs, with the one customer key (or none). */
  context(isEncrypted = true): TransferContext {
    const keys = new PlannedKeys([isEncrypted ? this.customerKey : 'none']);
    keys.forNew = isEncrypted ? this.customerKey : 'none';
    const asker = {
      askToOpen: () => Promise.resolve(new Secret(passphrase)),
      askFor: () => Promise.resolve(new Secret(passphrase)),
      offerToKeep: () => undefined,
    };
    const gpg = new GpgPassphrases({
      ...{ secrets: new MemorySecretStore(), asker, ruledName: () => undefined },
      cipher: () => Promise.resolve(createGpgCipher()),
    });
    return { stores: { get: () => Promise.resolve(this.store) }, keys, gpg };
  }

  path(...segments: readonly string[]): string {
    return join(this.folder, ...segments);
  }

  address(key: string): { connection: string; bucket: string; key: string } {
    return { connection: 'interop', bucket: this.bucket, key };
  }

  /** Makes the folder that a file stands in. */
  async makeFolderOf(...segments: readonly string[]): Promise<void> {
    await mkdir(dirname(this.path(...segments)), { recursive: true });
  }

  /** Writes the files into a folder. */
  async writeContents(folder: string): Promise<string> {
    for (const [name, content] of contents) {
      const path = this.path(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { mode: 0o640 });
      await utimes(path, mtime, mtime);
    }
    return this.path(folder);
  }

  /** That a folder has all the files, byte by byte, and if told so with their times. */
  async assertContents(
    folder: string,
    options: { readonly mtime: boolean; readonly mode?: number },
  ): Promise<void> {
    for (const [name, content] of contents) {
      const path = this.path(folder, name);
      assert.ok((await readFile(path)).equals(content), `${name} is another one`);
      const stats = await stat(path);
      if (options.mtime) assert.equal(stats.mtimeMs / 1000, mtime, name);
      if (options.mode !== undefined) assert.equal(stats.mode & 0o777, options.mode, name);
    }
  }

  /** That what is below a prefix is no plaintext, whoever reads it. */
  async assertSealed(prefix: string): Promise<void> {
    for (const [name, content] of contents) {
      const { status, body } = await this.#raw.send({
        ...{ method: 'GET', bucket: this.bucket, key: prefix + name },
      });
      assert.equal(status, 200);
      assert.ok(body.length > content.length, name);
      assert.ok(content.length === 0 || !body.includes(content.subarray(0, 20)), name);
    }
  }

  /** That nothing is readable without the customer key: past us, past the peer. */
  async assertEncrypted(prefix: string): Promise<void> {
    for (const [name] of contents) {
      const { status } = await this.#raw.send({
        ...{ method: 'GET', bucket: this.bucket, key: prefix + name },
      });
      assert.ok(status >= 400, `${name} is readable without the key`);
    }
  }
}

/** Defines a suite once for every server of the run. */
export function onEveryServer(title: string, define: (scene: Scene) => void): void {
  for (const server of serversFromEnvironment()) {
    describe(`${title} (${server.name})`, function () {
      this.timeout(120_000);
      const scene = new Scene(server);
      before(() => scene.begin());
      after(() => scene.end());
      define(scene);
    });
  }
}

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { RawClient } from './rawClient.ts';

/** Makes buckets for tests and removes them, without anything that is under test. */
export class Buckets {
  readonly #raw: RawClient;
  readonly #names: string[] = [];

  constructor(raw: RawClient) {
    this.#raw = raw;
  }

  async create(options: { readonly versioned?: boolean } = {}): Promise<string> {
    const bucket = `ssec-${randomBytes(6).toString('hex')}`;
    const { status } = await this.#raw.send({ method: 'PUT', bucket });
    assert.equal(status, 200);
    this.#names.push(bucket);
    if (options.versioned === true) {
      const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
      const query = { versioning: '' };
      const answer = await this.#raw.send({ method: 'PUT', bucket, query, body });
      assert.equal(answer.status, 200);
    }
    return bucket;
  }

  async removeAll(): Promise<void> {
    for (const bucket of this.#names.splice(0)) {
      await this.#empty(bucket);
      await this.#abortUploads(bucket);
      await this.#raw.send({ method: 'DELETE', bucket });
    }
  }

  /** Keys of multipart uploads that were begun and neither completed nor aborted. */
  async unfinishedUploads(bucket: string): Promise<string[]> {
    return (await this.#uploads(bucket)).map(([, key = '']) => key);
  }

  async #uploads(bucket: string): Promise<RegExpMatchArray[]> {
    const query = { uploads: '', 'encoding-type': 'url' };
    const { body } = await this.#raw.send({ method: 'GET', bucket, query });
    const pattern = /<Upload>[^]*?<Key>([^<]*)<\/Key>[^]*?<UploadId>([^<]*)<\/UploadId>/g;
    return [...body.toString().matchAll(pattern)];
  }

  async #abortUploads(bucket: string): Promise<void> {
    for (const [, key = '', uploadId = ''] of await this.#uploads(bucket)) {
      const query = { uploadId };
      await this.#raw.send({ method: 'DELETE', bucket, key: decodeURIComponent(key), query });
    }
  }

  async #empty(bucket: string): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const query = { versions: '', 'encoding-type': 'url' };
      const { body } = await this.#raw.send({ method: 'GET', bucket, query });
      const pattern = /<Key>([^<]*)<\/Key>[^]*?<VersionId>([^<]*)<\/VersionId>/g;
      const found = [...body.toString().matchAll(pattern)];
      if (found.length === 0) return;
      const remove = async ([, encoded = '', versionId = '']: string[]): Promise<void> => {
        const key = decodeURIComponent(encoded.replaceAll('+', ' '));
        await this.#raw.send({ method: 'DELETE', bucket, key, query: { versionId } });
      };
      while (found.length > 0) await Promise.all(found.splice(0, 16).map(remove));
    }
  }
}

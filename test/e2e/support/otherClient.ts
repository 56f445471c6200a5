import { Buckets } from '../../contract/buckets.ts';
import { createRawClient, type RawAnswer, type RawClient } from '../../contract/rawClient.ts';
import type { TestServer } from '../../servers/fromEnvironment.ts';

type Headers = Readonly<Record<string, string>>;

/** Somebody else with the same buckets: plain HTTP, sharing no code with the extension. */
export class OtherClient {
  readonly #raw: RawClient;
  readonly #buckets: Buckets;

  constructor(server: TestServer) {
    this.#raw = connectEachTime(server);
    this.#buckets = new Buckets(this.#raw);
  }

  /** Makes a bucket with a name of its own. */
  async createBucket(): Promise<string> {
    return await this.#buckets.create();
  }

  /** @param customerKey 32 bytes; without one the object is not encrypted */
  async put(
    bucket: string,
    key: string,
    body: string | Uint8Array,
    customerKey?: Uint8Array,
    headers: Headers = {},
  ): Promise<void> {
    await succeeded(this.#raw.send({ method: 'PUT', bucket, key, body, customerKey, headers }));
  }

  async get(bucket: string, key: string, customerKey?: Uint8Array): Promise<RawAnswer> {
    return await this.#raw.send({ method: 'GET', bucket, key, customerKey });
  }

  /** The text of an object. @throws Error if it cannot be read with this key */
  async text(bucket: string, key: string, customerKey?: Uint8Array): Promise<string> {
    return (await succeeded(this.get(bucket, key, customerKey))).body.toString();
  }

  /** The status of a GET: what the server itself says of an object's encryption. */
  async status(bucket: string, key: string, customerKey?: Uint8Array): Promise<number> {
    return (await this.get(bucket, key, customerKey)).status;
  }

  async delete(bucket: string, key: string): Promise<void> {
    await succeeded(this.#raw.send({ method: 'DELETE', bucket, key }));
  }

  /** The object keys of a small bucket, in order. */
  async keys(bucket: string): Promise<readonly string[]> {
    const { body } = await succeeded(this.#raw.send({ method: 'GET', bucket }));
    return [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  }

  /** Removes the buckets that it made. */
  async dispose(): Promise<void> {
    await this.#buckets.removeAll();
  }
}

/** Between two requests a test may take longer than a server keeps a connection open. */
function connectEachTime(server: TestServer): RawClient {
  return {
    send: async (request) => {
      const client = createRawClient(server);
      try {
        return await client.send(request);
      } finally {
        client.dispose();
      }
    },
    dispose: () => undefined,
  };
}

async function succeeded(sent: Promise<RawAnswer>): Promise<RawAnswer> {
  const answer = await sent;
  if (answer.status < 300) return answer;
  throw new Error(`${answer.status} ${answer.code ?? ''} ${answer.message ?? ''}`);
}

import { Agent } from 'node:https';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { CustomerKey } from '../../../src/core/customerKey.ts';
import type { TestServer } from '../../servers/fromEnvironment.ts';

type Headers = Partial<PutObjectCommandInput>;

/** Somebody else with the same bucket: a plain S3 client that shares no code with the extension. */
export class OtherClient {
  readonly #client: S3Client;

  constructor({ endpoint, region, accessKeyId, secretAccessKey, caPem }: TestServer) {
    this.#client = new S3Client({
      ...{ endpoint, region, forcePathStyle: true },
      credentials: { accessKeyId, secretAccessKey },
      requestHandler: { httpsAgent: new Agent({ ca: caPem, keepAlive: true }) },
    });
  }

  async createBucket(Bucket: string): Promise<void> {
    await this.#client.send(new CreateBucketCommand({ Bucket }));
  }

  async keepVersions(Bucket: string): Promise<void> {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await this.#client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }

  /** @returns the ETag */
  async put(
    Bucket: string,
    Key: string,
    Body: string | Uint8Array,
    customerKey?: CustomerKey,
    headers: Headers = {},
  ): Promise<string | undefined> {
    const input = { Bucket, Key, Body, ...headers, ...ssec(customerKey) };
    return (await this.#client.send(new PutObjectCommand(input))).ETag;
  }

  async get(Bucket: string, Key: string, customerKey?: CustomerKey): Promise<Buffer> {
    const input = { Bucket, Key, ...ssec(customerKey) };
    const { Body } = await this.#client.send(new GetObjectCommand(input));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async text(Bucket: string, Key: string, customerKey?: CustomerKey): Promise<string> {
    return (await this.get(Bucket, Key, customerKey)).toString();
  }

  async head(
    Bucket: string,
    Key: string,
    customerKey?: CustomerKey,
  ): Promise<HeadObjectCommandOutput> {
    return await this.#client.send(new HeadObjectCommand({ Bucket, Key, ...ssec(customerKey) }));
  }

  /** The status of a GET with or without a key: what the server itself says of its encryption. */
  async status(Bucket: string, Key: string, customerKey?: CustomerKey): Promise<number> {
    try {
      await this.get(Bucket, Key, customerKey);
      return 200;
    } catch (error) {
      return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
    }
  }

  async tags(Bucket: string, Key: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.#client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return Object.fromEntries(TagSet.map(({ Key: name = '', Value = '' }) => [name, Value]));
  }

  async keys(Bucket: string, Prefix = ''): Promise<readonly string[]> {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async delete(Bucket: string, Key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket, Key }));
  }

  dispose(): void {
    this.#client.destroy();
  }
}

function ssec(customerKey: CustomerKey | undefined): Headers {
  if (customerKey === undefined) return {};
  return {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: customerKey.reveal() as unknown as string,
  };
}

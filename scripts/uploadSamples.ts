import { Agent } from 'node:https';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Server } from '../test/servers/s3Server.ts';
import type { Say } from '../test/servers/say.ts';
import { sampleBuckets, type SampleObject } from './sampleObjects.ts';

/** Makes the buckets and uploads the objects; what the server refuses is said and left out. */
export async function uploadSamples(
  server: S3Server,
  objects: readonly SampleObject[],
  say: Say,
): Promise<void> {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  // The extension runs on VS Code's node, whatever node this is.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const client = new S3Client({
    ...{ endpoint, region, forcePathStyle: true },
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    requestHandler: { httpsAgent: new Agent({ keepAlive: true, ca: server.caPem }) },
  });
  try {
    for (const Bucket of sampleBuckets) await client.send(new CreateBucketCommand({ Bucket }));
    const waiting = [...objects];
    const upload = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await put(client, next).catch((error: unknown) => {
          say(`left out “${next.key}”: ${String(error)}`);
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, upload));
  } finally {
    client.destroy();
  }
}

async function put(client: S3Client, object: SampleObject): Promise<void> {
  const { bucket, key, body, contentType, customerKey } = object;
  const encryption =
    customerKey === undefined
      ? {}
      : { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey.toString('base64') };
  await client.send(
    new PutObjectCommand({
      ...{ Bucket: bucket, Key: key, Body: body, ContentType: contentType },
      ...encryption,
    }),
  );
}

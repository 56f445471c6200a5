import { CustomerKey } from '../../src/core/customerKey.ts';
import { Secret } from '../../src/core/secret.ts';
import { createStore } from '../../src/s3/s3Store.ts';
import { downloadFile } from '../../src/transfer/downloadFile.ts';
import { FolderJournal } from '../../src/transfer/transferJournal.ts';
import { createLimits } from '../../src/transfer/transferLimits.ts';
import { uploadFile } from '../../src/transfer/uploadFile.ts';
import type { TestServer } from '../servers/fromEnvironment.ts';
import { at } from './subject.ts';

// Transfers one file in a process of its own, which a test may kill or weigh.

/** What this process gets as JSON in `SSEC_TEST_TRANSFER`. */
export interface ChildTransfer {
  readonly direction: 'upload' | 'download';
  readonly server: TestServer;
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
  readonly path: string;
  readonly journal?: string;
  /** Base64. */
  readonly customerKey: string;
  readonly partSize?: number;
  readonly bytesPerSecond?: number;
}

const text = process.env['SSEC_TEST_TRANSFER'];
if (text !== undefined) {
  await transfer(JSON.parse(text) as ChildTransfer);
  // In KiB.
  process.stdout.write(String(process.resourceUsage().maxRSS));
  process.exit(0);
}

async function transfer(child: ChildTransfer): Promise<void> {
  const { direction, server, endpoint, bucket, key, path, journal, partSize } = child;
  const store = createStore({
    connection: {
      ...{ name: 'under-test', endpoint, region: server.region, addressing: 'path' },
      ...{ caFile: server.caFile, credentials: { source: 'accessKey' } },
    },
    accessKey: {
      accessKeyId: server.accessKeyId,
      secretAccessKey: new Secret(server.secretAccessKey),
    },
    guard: () => true,
  });
  const options = {
    customerKey: new CustomerKey(Buffer.from(child.customerKey, 'base64')),
    limits: createLimits(2, child.bytesPerSecond),
    ...(journal !== undefined && { journal: new FolderJournal(journal) }),
    partSize,
  };
  if (direction === 'upload') await uploadFile(store, path, at(bucket, key), options);
  else await downloadFile(store, at(bucket, key), path, options);
}

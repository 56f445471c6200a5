import { randomBytes } from 'node:crypto';
import type { TestServer } from '../../servers/fromEnvironment.ts';
import type { Leg } from '../../workbench/install.ts';
import { OtherClient } from './otherClient.ts';
import { formsOf } from './secrets.ts';
import { VSCodeWindow } from './vscodeWindow.ts';

/** A server with a bucket, as somebody else sees it. */
export interface Place {
  readonly server: TestServer;
  readonly other: OtherClient;
  readonly bucket: string;
  /** Stored in VS Code as "my key", bound to the server's host, and the default. */
  readonly customerKey: Uint8Array;
  /** Not stored in VS Code. */
  readonly foreignKey: Uint8Array;
}

/** The same with a window of VS Code that has a connection "my-s3" and a customer key. */
export interface Site extends Place {
  readonly window: VSCodeWindow;
}

export interface SiteOptions {
  readonly leg: Leg;
  readonly server: TestServer;
  /** The folder in out/e2e for the pictures. */
  readonly pictures: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether a `.code-workspace` is open instead of a folder. */
  readonly isMultiRoot?: boolean;
  /** Which address of the server the connection names; default: its own. */
  readonly endpoint?: string | undefined;
  /** Puts objects into the bucket. */
  readonly seed: (place: Place) => Promise<void>;
}

/** Prepares a site before the tests of a suite, and keeps pictures of failures. */
export function useSite(options: SiteOptions): () => Site {
  let place: Place | undefined;
  let window: VSCodeWindow | undefined;
  before(async () => {
    place = await preparePlace(options.server);
    await options.seed(place);
    window = await openWindow(options, place);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await window?.pictureFailure(this.currentTest.title);
    }
  });
  after(async () => {
    await window?.stop();
    await place?.other.dispose();
  });
  return () => {
    if (!place || !window) throw new Error('The site is not prepared yet.');
    return { ...place, window };
  };
}

async function preparePlace(server: TestServer): Promise<Place> {
  const other = new OtherClient(server);
  const bucket = await other.createBucket();
  return { server, other, bucket, customerKey: randomBytes(32), foreignKey: randomBytes(32) };
}

async function openWindow(options: SiteOptions, place: Place): Promise<VSCodeWindow> {
  const { leg, pictures, server } = options;
  const { region, caFile, accessKeyId, secretAccessKey } = server;
  const endpoint = options.endpoint ?? server.endpoint;
  const host = new URL(endpoint).host;
  const value = Buffer.from(place.customerKey).toString('base64');
  const window = await VSCodeWindow.start({
    ...{ leg, pictures, isMultiRoot: options.isMultiRoot },
    settings: { 'ssec.defaultCustomerKey': 'my key', ...options.settings },
    prepared: [
      {
        command: 'ssec.addConnection',
        args: {
          ...{ name: 'my-s3', endpoint, region, addressing: 'path', target: 'user' },
          ...(endpoint.startsWith('https:') ? { caFile } : {}),
          credentials: { source: 'accessKey', accessKeyId, secretAccessKey },
          buckets: [place.bucket],
        },
      },
      {
        command: 'ssec.addCustomerKey',
        args: { name: 'my key', format: 'base64', value, scope: 'user', hosts: [host] },
      },
    ],
  });
  try {
    window.secrets.push(secretAccessKey, ...formsOf(place.customerKey));
    window.secrets.push(...formsOf(place.foreignKey));
    await window.objects.openEmpty('No connection yet.');
    await window.pressPrepared();
    await window.objects.item('connection my-s3').waitFor();
    await window.customerKeys.item('Customer key my key').waitFor();
    return window;
  } catch (error) {
    await window.pictureFailure('preparation');
    await window.stop();
    throw error;
  }
}

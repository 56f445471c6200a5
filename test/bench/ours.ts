import { dirname, join } from 'node:path';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { Secret } from '../../src/core/secret.ts';
import { KeyRingAccess } from '../../src/keys/keyAccess.ts';
import { KeyRing } from '../../src/keys/keyRing.ts';
import { readKeyRules } from '../../src/keys/keyRules.ts';
import { Ledger } from '../../src/keys/ledger.ts';
import { createStore } from '../../src/s3/s3Store.ts';
import { downloadFile } from '../../src/transfer/downloadFile.ts';
import { openSync } from '../../src/transfer/sync/syncSession.ts';
import type { TransferContext } from '../../src/transfer/transferContext.ts';
import { createLimits } from '../../src/transfer/transferLimits.ts';
import { uploadFile } from '../../src/transfer/uploadFile.ts';
import { MemorySecretStore } from '../unit/doubles/memorySecretStore.ts';
import { MemoryStateStore } from '../unit/doubles/memoryStateStore.ts';
import type { BenchCase, BenchSite } from './cases.ts';

// The extension's transfer code as a program of its own: does one case and ends.

const connection = 'bench';
const { site, work } = JSON.parse(process.env['SSEC_BENCH'] ?? '') as {
  readonly site: BenchSite;
  readonly work: BenchCase;
};
/** As many small bodies at a time as the peers are told to have. */
const limits = createLimits(work.type === 'file' ? 4 : 16);
const context = await contextOf(site);
const { bucket } = site;
if (work.type === 'file') {
  const store = await context.stores.get(connection);
  const address = { connection, bucket, key: work.key };
  const customerKey = new CustomerKey(Buffer.from(site.customerKey, 'base64'));
  const options = { customerKey, limits };
  if (work.direction === 'up') await uploadFile(store, work.path, address, options);
  else await downloadFile(store, address, work.path, options);
} else {
  const session = await openSync(
    context,
    {
      near: { type: 'local', folder: work.path },
      far: { connection, bucket, prefix: work.prefix },
      direction: work.direction === 'up' ? 'localToRemote' : 'remoteToLocal',
    },
    { stateFile: join(dirname(work.path), 'state', `${work.name}.state`), limits },
  );
  const report = await session.run(await session.plan());
  await session.close();
  const [failure] = report.failures;
  if (failure !== undefined) throw failure.error;
}
process.exit(0);

async function contextOf({ server, customerKey }: BenchSite): Promise<TransferContext> {
  const state = { workspace: new MemoryStateStore(), user: new MemoryStateStore() };
  const ring = new KeyRing({ secrets: new MemorySecretStore(), state, workspaceId: undefined });
  const { host } = new URL(server.endpoint);
  const key = new CustomerKey(Buffer.from(customerKey, 'base64'));
  await ring.add({ name: 'bench', key, scope: 'user', bindings: [{ host }] });
  const store = createStore({
    connection: {
      ...{ name: connection, endpoint: server.endpoint, region: server.region },
      ...{ addressing: 'path', caFile: server.caFile, credentials: { source: 'accessKey' } },
    },
    accessKey: {
      accessKeyId: server.accessKeyId,
      secretAccessKey: new Secret(server.secretAccessKey),
    },
    guard: ring.isBound.bind(ring),
  });
  const { rules } = readKeyRules(undefined);
  const keys = new KeyRingAccess({
    ...{ ring, ledger: new Ledger(state.workspace), rules: () => rules },
    defaultKey: () => 'bench',
    asker: {
      pickKey: () => Promise.reject(new Error('There is nobody to ask for a customer key.')),
      confirmBinding: () => Promise.resolve(false),
    },
  });
  return { stores: { get: () => Promise.resolve(store) }, keys };
}

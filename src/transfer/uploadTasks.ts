import pMap from 'p-map';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectStore, WriteCondition } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import type { ExistingPolicy } from './existingPolicy.ts';
import { findListed } from './findListed.ts';
import { keepBothName } from './keepBothName.ts';
import { withRetries } from './retry.ts';
import type { TransferContext } from './transferContext.ts';
import type { PlannedUpload, UploadPlan } from './uploadPlan.ts';
import type { UploadTask } from './uploadTree.ts';

/** How many files are looked at at the same time. */
const concurrency = 8;

/**
 * What is going to be done with the files of a plan, now that it is known what becomes of what
 * stands there already.
 *
 * @returns the tasks; files that are skipped have none
 */
export async function uploadTasks(
  { stores, keys }: TransferContext,
  { target, files }: UploadPlan,
  policy: ExistingPolicy,
  signal?: AbortSignal,
): Promise<readonly UploadTask[]> {
  const store = await stores.get(target.connection);
  const taken = new Set(files.map(({ address }) => address.key));
  const decide = async (file: PlannedUpload): Promise<UploadTask | undefined> => {
    const { path, size, existing } = file;
    let { address } = file;
    let condition: WriteCondition = { type: 'absent' };
    if (existing !== undefined && policy === 'skip') return undefined;
    if (existing !== undefined && policy === 'keepBoth') {
      address = await freeAddress(store, address, taken, signal);
    } else if (existing !== undefined) condition = { type: 'matches', etag: existing.etag };
    const isRuled = await keys.forNewObject(address, store.host).then(
      (key) => key !== 'none',
      // Says so when it is its turn; it is not uploaded without a key then.
      () => true,
    );
    // What replaces an encrypted object keeps its customer key.
    const isEncrypted =
      isRuled || (condition.type === 'matches' && (await hasCustomerKey(store, address, signal)));
    return { path, size, address, condition, isEncrypted };
  };
  const tasks = await pMap(files, decide, { concurrency });
  return tasks.filter((task) => task !== undefined);
}

/** Without a customer key a server shows only what has none. */
async function hasCustomerKey(
  store: ObjectStore,
  address: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const { encryption } = await withRetries(() => store.head(address, { signal }), { signal });
    return encryption.type === 'customerKey';
  } catch (error) {
    return isStoreError(error, 'customerKeyRequired');
  }
}

async function freeAddress(
  store: ObjectStore,
  address: ObjectAddress,
  taken: Set<string>,
  signal: AbortSignal | undefined,
): Promise<ObjectAddress> {
  for (let count = 2; ; count += 1) {
    const free = { ...address, key: keepBothName(address.key, count) };
    if (taken.has(free.key)) continue;
    taken.add(free.key);
    if ((await findListed(store, free, signal)) === undefined) return free;
  }
}

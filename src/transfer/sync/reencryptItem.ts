import { withRetries } from '../retry.ts';
import type { ReencryptionItem } from './planItem.ts';
import { customerKeyOf, fingerprintOf, markOfObject } from './remotePrefix.ts';
import type { ItemTask } from './syncTask.ts';

/**
 * Encrypts a far object with the customer key of its rule, by a copy onto itself with all that it
 * has; where it turns out to be so already, only the record is written.
 */
export async function reencryptItem(task: ItemTask, item: ReencryptionItem): Promise<void> {
  const { context, far, state, mayAsk, signal } = task;
  const { path, record } = item;
  if (item.far === undefined || record === undefined) {
    throw new TypeError(`${path} was not there to be encrypted anew.`);
  }
  const opened = await far.inspect(context.keys, path, item.far, { mayAsk, signal });
  let { info, openedWith } = opened;
  if (fingerprintOf(openedWith) !== item.wantedKey) {
    const address = far.addressOf(path);
    openedWith = await context.keys.forNewObject(address, far.store.host);
    const options = {
      sourceKey: customerKeyOf(opened.openedWith),
      targetKey: customerKeyOf(openedWith),
      condition: { type: 'matches', etag: opened.info.etag } as const,
      signal,
      onProgress: task.report,
    };
    const copied = await withRetries(() => far.store.copy(address, address, options), { signal });
    ({ info } = copied);
    context.keys.remember(address, openedWith);
  }
  await state.write({ ...record, far: markOfObject(info), fingerprint: fingerprintOf(openedWith) });
}

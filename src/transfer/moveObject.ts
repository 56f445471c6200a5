import { formatAddress, type ObjectAddress } from '../core/address.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';
import { copyObject, type CopiedObject, type CopyObjectOptions } from './copyObject.ts';
import { deleteIfUnchanged } from './deleteIfUnchanged.ts';
import { withRetries } from './retry.ts';
import type { TransferContext } from './transferContext.ts';

/**
 * Moves an object: copies it as {@link copyObject} does, and deletes the source only after the
 * target was verified and only if the source still is what was copied.
 *
 * @throws StoreError as {@link copyObject}, with the source in place; `conflict` if the source was
 *   changed meanwhile: both are there then, the target with what was copied
 */
export async function moveObject(
  context: TransferContext,
  source: ObjectAddress,
  target: ObjectAddress,
  options: CopyObjectOptions = {},
): Promise<CopiedObject> {
  const copied = await copyObject(context, source, target, options);
  const store = await context.stores.get(source.connection);
  try {
    // Whoever cancels now would be left with both: the rest is short.
    const { patience } = options;
    await withRetries(() => deleteIfUnchanged(store, copied.source, copied.sourceOpenedWith), {
      patience,
    });
  } catch (error) {
    throw sourceKept(source, target, error);
  }
  context.keys.forget(source);
  return copied;
}

/** The copy succeeded and the deletion did not: says so, because nothing is lost. */
function sourceKept(source: ObjectAddress, target: ObjectAddress, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    isStoreError(cause) ? cause.kind : 'unknown',
    `${formatAddress(source)} was copied to ${formatAddress(target)} but not deleted: ${reason}`,
    isStoreError(cause) ? cause.details : source,
    cause,
  );
}

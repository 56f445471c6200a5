import type { StoreSource } from '../../../src/transfer/transferContext.ts';
import type { MemoryStore } from './memoryStore.ts';

/** Stores by their names. */
export function memoryStores(...stores: readonly MemoryStore[]): StoreSource {
  return {
    get: (connection) => {
      const store = stores.find((each) => each.connection === connection);
      return store === undefined
        ? Promise.reject(new Error(`There is no connection ${connection}.`))
        : Promise.resolve(store);
    },
  };
}

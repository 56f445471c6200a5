import type { ObjectAddress } from '../../core/address.ts';
import type {
  CopyOptions,
  CopyResult,
  GetOptions,
  GetResult,
  ListPage,
  ListRequest,
  ObjectBody,
  ObjectInfo,
  ObjectStore,
  PutOptions,
  PutResult,
  ReadOptions,
} from '../../core/objectStore.ts';
import { isStoreError } from '../../core/storeError.ts';
import type { SeenObjects } from './seenObjects.ts';

/**
 * Tells the {@link SeenObjects} what every request of a store shows, whoever makes it: a tree's
 * listing spares the stat of the file that is opened from it.
 */
export function observeStore(store: ObjectStore, seen: SeenObjects): ObjectStore {
  const { connection } = store;
  const { multipart } = store;
  return passingOn(store, {
    multipart: {
      ...multipart,
      async complete(upload, parts, options): Promise<ObjectInfo> {
        const info = await multipart.complete(upload, parts, options);
        seen.noteObject(upload.address, info);
        return info;
      },
    },

    async list(request: ListRequest): Promise<ListPage> {
      const at = Date.now();
      const page = await store.list(request);
      seen.notePage(connection, request, page, at);
      return page;
    },

    async head(address: ObjectAddress, options?: ReadOptions): Promise<ObjectInfo> {
      const at = Date.now();
      const head = store.head(address, options);
      return await noteRead(head, address, options, (info) => {
        seen.noteObject(address, info, at);
      });
    },

    async get(address: ObjectAddress, options?: GetOptions): Promise<GetResult> {
      const at = Date.now();
      const get = store.get(address, options);
      return await noteRead(get, address, options, ({ info }) => {
        seen.noteObject(address, info, at);
      });
    },

    async put(address: ObjectAddress, body: ObjectBody, options: PutOptions): Promise<PutResult> {
      const result = await store.put(address, body, options);
      // A PUT's answer has no date. The next listing tells the server's.
      seen.noteObject(address, { ...result, lastModified: new Date() });
      return result;
    },

    async copy(
      source: ObjectAddress,
      target: ObjectAddress,
      options: CopyOptions,
    ): Promise<CopyResult> {
      const result = await store.copy(source, target, options);
      seen.noteObject(target, result.info);
      return result;
    },

    async delete(address, options): Promise<void> {
      await store.delete(address, options);
      // Deleting one version may bring another one back; deleting the newest leaves none.
      if (options?.versionId === undefined) seen.noteDeleted(address);
      else seen.forgetObject(address);
    },

    async deleteMany(bucket, keys, signal): ReturnType<ObjectStore['deleteMany']> {
      const failures = await store.deleteMany(bucket, keys, signal);
      const failed = new Set(failures.map(({ key }) => key));
      for (const key of keys) {
        if (!failed.has(key)) seen.noteDeleted({ connection, bucket, key });
      }
      return failures;
    },
  });

  async function noteRead<T>(
    reading: Promise<T>,
    address: ObjectAddress,
    options: ReadOptions | undefined,
    note: (result: T) => void,
  ): Promise<T> {
    // What an old version is says nothing of the object.
    if (options?.versionId !== undefined) return await reading;
    try {
      const result = await reading;
      note(result);
      return result;
    } catch (error) {
      if (isStoreError(error, 'notFound')) seen.noteAbsent(address);
      throw error;
    }
  }
}

/** The store with some of its methods replaced. */
function passingOn(store: ObjectStore, own: Partial<ObjectStore>): ObjectStore {
  return new Proxy(store, {
    get(target, name): unknown {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const value: unknown = Reflect.get(target, name, target);
      // Private fields are the store's own: its methods are to run on it.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

import * as vscode from 'vscode';
import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import type { WriteCondition } from '../../core/objectStore.ts';
import { type CopiedObject, copyObject } from '../../transfer/copyObject.ts';
import { copyPrefix } from '../../transfer/copyPrefix.ts';
import { deletePrefix } from '../../transfer/deleteObjects.ts';
import { moveObject } from '../../transfer/moveObject.ts';
import { movePrefix } from '../../transfer/movePrefix.ts';
import { planPrefix, type PrefixPlan } from '../../transfer/prefixPlan.ts';
import type { RunReport } from '../../transfer/run.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { ObjectChange } from '../objectChanges.ts';
import type { FileFinder, Found } from './fileFinder.ts';
import type { FileStates } from './fileStates.ts';
import { fileUri, locationOf } from './fileUris.ts';
import { toWriteError } from './fileErrors.ts';

/** What a path turned out to be. */
type Target =
  | { readonly type: 'object'; readonly address: ObjectAddress; readonly etag: string }
  | { readonly type: 'prefix'; readonly address: PrefixAddress };

/** Deletes, moves and copies files and directories, as VS Code's Explorer asks for it. */
export class FileMoves {
  readonly #context: TransferContext;
  readonly #finder: FileFinder;
  readonly #states: FileStates;
  readonly #tell: (...changes: readonly ObjectChange[]) => void;

  constructor(
    context: TransferContext,
    finder: FileFinder,
    states: FileStates,
    tell: (...changes: readonly ObjectChange[]) => void,
  ) {
    this.#context = context;
    this.#finder = finder;
    this.#states = states;
    this.#tell = tell;
  }

  async delete(uri: vscode.Uri, recursive: boolean): Promise<void> {
    await translated(async () => {
      const found = await this.#require(uri);
      if (found.type === 'prefix') {
        await this.#deletePrefix(uri, found.address, recursive);
        return;
      }
      const { address } = found;
      await (await this.#context.stores.get(address.connection)).delete(address);
      this.#context.keys.forget(address);
      this.#states.forget(uri);
      this.#tell({ type: 'deleted', address });
    });
  }

  async move(from: vscode.Uri, to: vscode.Uri, overwrite: boolean): Promise<void> {
    await translated(async () => {
      const source = await this.#require(from);
      if (source.type === 'prefix') {
        await this.#transferPrefix('move', source.address, to, overwrite);
        return;
      }
      const target = objectOf(to);
      const condition = await this.#conditionAt(to, overwrite);
      const moved = await moveObject(this.#context, source.address, target, { condition });
      this.#noteMoved(from, to, moved);
      this.#tell(
        { type: 'deleted', address: source.address },
        { type: condition.type === 'absent' ? 'created' : 'changed', address: target },
      );
    });
  }

  async copy(from: vscode.Uri, to: vscode.Uri, overwrite: boolean): Promise<void> {
    await translated(async () => {
      const source = await this.#require(from);
      if (source.type === 'prefix') {
        await this.#transferPrefix('copy', source.address, to, overwrite);
        return;
      }
      const target = objectOf(to);
      const condition = await this.#conditionAt(to, overwrite);
      await copyObject(this.#context, source.address, target, { condition });
      const type = condition.type === 'absent' ? 'created' : 'changed';
      this.#tell({ type, address: target });
    });
  }

  async #transferPrefix(
    verb: 'move' | 'copy',
    source: PrefixAddress,
    to: vscode.Uri,
    overwrite: boolean,
  ): Promise<void> {
    const target = prefixOf(to);
    const plan = await planPrefix(this.#context, source, target);
    if (!overwrite && overwritesAny(plan)) throw vscode.FileSystemError.FileExists(to);
    const report =
      verb === 'copy'
        ? await copyPrefix(this.#context, plan, { overwrite })
        : await movePrefix(this.#context, plan, {
            overwrite,
            onCopied: (moved) => {
              const [left, made] = [moved.source.address, moved.info.address].map(fileUri);
              // What was never read here has no editor that moves with it.
              if (left && made && this.#states.base(left)) this.#noteMoved(left, made, moved);
            },
          });
    // Also what failed halfway has changed something.
    const changed = verb === 'copy' ? [target] : [source, target];
    this.#tell(...changed.map((address) => ({ type: 'prefixChanged', address }) as const));
    requireAll(report);
  }

  async #deletePrefix(uri: vscode.Uri, address: PrefixAddress, recursive: boolean): Promise<void> {
    if (address.prefix === '') {
      throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Buckets are not deleted here.'));
    }
    if (!recursive) {
      const { bucket, prefix } = address;
      const store = await this.#context.stores.get(address.connection);
      const { objects } = await store.list({ bucket, prefix, maxKeys: 2 });
      if (objects.some(({ key }) => key !== prefix)) {
        throw vscode.FileSystemError.Unavailable(vscode.l10n.t('{0} is not empty.', uri.path));
      }
    }
    const report = await deletePrefix(this.#context, address);
    this.#tell({ type: 'prefixChanged', address });
    requireAll(report);
  }

  #noteMoved(from: vscode.Uri, to: vscode.Uri, moved: CopiedObject): void {
    const { source, info, targetOpenedWith: openedWith } = moved;
    this.#states.noteMoved(from, to, source, { info, openedWith });
  }

  async #find(uri: vscode.Uri): Promise<Found | undefined> {
    // As if it was read: whether it is there now is what counts.
    return await this.#finder.find(locationOf(uri), true);
  }

  async #require(uri: vscode.Uri): Promise<Target> {
    const found = await this.#find(uri);
    const { connection, bucket, key, prefix } = locationOf(uri);
    if (found === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    if (found.type === 'object' && bucket !== undefined && key !== undefined) {
      const address = { connection, bucket, key };
      return { type: 'object', address, etag: found.object.etag };
    }
    if (bucket === undefined || prefix === undefined) {
      throw vscode.FileSystemError.NoPermissions(uri);
    }
    return { type: 'prefix', address: { connection, bucket, prefix } };
  }

  /** What is expected at a target; VS Code deletes it first if it is to be overwritten. */
  async #conditionAt(uri: vscode.Uri, overwrite: boolean): Promise<WriteCondition> {
    const found = await this.#find(uri);
    if (found?.type !== 'object') return { type: 'absent' };
    if (!overwrite) throw vscode.FileSystemError.FileExists(uri);
    return { type: 'matches', etag: found.object.etag };
  }
}

function objectOf(uri: vscode.Uri): ObjectAddress {
  const { connection, bucket, key } = locationOf(uri);
  if (bucket === undefined || key === undefined) throw vscode.FileSystemError.NoPermissions(uri);
  return { connection, bucket, key };
}

function prefixOf(uri: vscode.Uri): PrefixAddress {
  const { connection, bucket, prefix } = locationOf(uri);
  if (bucket === undefined || prefix === undefined) {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  return { connection, bucket, prefix };
}

/** Later waves go where sources stood before them. */
function overwritesAny({ waves: [first = []] }: PrefixPlan): boolean {
  return first.some(({ existing }) => existing !== undefined);
}

/** @throws the first failure; the message says how many there were */
function requireAll({ failures, succeeded, skipped }: RunReport): void {
  const [first] = failures;
  if (first === undefined) return;
  const total = failures.length + succeeded.length + skipped;
  throw vscode.FileSystemError.Unavailable(
    total === 1
      ? first.error.message
      : vscode.l10n.t(
          '{0} of {1} objects failed; the first: {2}',
          failures.length,
          total,
          first.error.message,
        ),
  );
}

async function translated(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw toWriteError(error);
  }
}

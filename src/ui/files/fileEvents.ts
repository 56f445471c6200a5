import picomatch from 'picomatch';
import * as vscode from 'vscode';
import type { ObjectAddress } from '../../core/address.ts';
import type { ObjectChange } from '../objectChanges.ts';
import { fileUri, standsFor } from './fileUris.ts';
import { openFiles } from './openFiles.ts';

/** What a part of VS Code (the Explorer, an extension) watches. */
interface Watch {
  readonly uri: vscode.Uri;
  readonly recursive: boolean;
  readonly isExcluded: (path: string) => boolean;
}

/** Tells VS Code about files what the rest of the extension tells about objects. */
export class FileEvents {
  readonly #emitter = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #watches = new Set<Watch>();

  readonly onDidChangeFile = this.#emitter.event;

  watch(
    uri: vscode.Uri,
    options: { readonly recursive: boolean; readonly excludes: readonly string[] },
  ): vscode.Disposable {
    const watch: Watch = {
      ...{ uri, recursive: options.recursive },
      isExcluded: picomatch([...options.excludes], { dot: true }),
    };
    this.#watches.add(watch);
    return new vscode.Disposable(() => this.#watches.delete(watch));
  }

  /** Passes changes of objects on, as events of the files that stand for them. */
  tell(changes: readonly ObjectChange[]): void {
    this.fire(changes.flatMap((change) => this.#eventsOf(change)));
  }

  fire(events: readonly vscode.FileChangeEvent[]): void {
    const wanted = events.filter(({ uri }) => this.#isWanted(uri));
    if (wanted.length > 0) this.#emitter.fire(wanted);
  }

  dispose(): void {
    this.#emitter.dispose();
  }

  #eventsOf(change: ObjectChange): readonly vscode.FileChangeEvent[] {
    switch (change.type) {
      case 'keyKnown':
      case 'keyMissing':
        return [];
      case 'prefixChanged':
        return [{ type: vscode.FileChangeType.Changed, uri: fileUri(change.address) }];
      case 'created':
      case 'changed':
      case 'deleted': {
        const type = types[change.type];
        const events = urisOf(change.address).map((uri) => ({ type, uri }));
        const { key, ...where } = change.address;
        if (!key.endsWith('/')) return events;
        // A directory's marker: the directory may be there without it, too.
        const directory = fileUri({ ...where, prefix: key });
        const isNew = change.type === 'created';
        return [...events, { type: types[isNew ? 'created' : 'changed'], uri: directory }];
      }
    }
  }

  /**
   * An event is dropped only if whoever watches there does not want it. Files in hidden editors
   * are watched by nobody, and follow all the same.
   */
  #isWanted(uri: vscode.Uri): boolean {
    const watches = [...this.#watches].filter((watch) => covers(watch, uri));
    return watches.length === 0 || watches.some((watch) => !watch.isExcluded(below(watch, uri)));
  }
}

const types = {
  created: vscode.FileChangeType.Created,
  changed: vscode.FileChangeType.Changed,
  deleted: vscode.FileChangeType.Deleted,
} as const;

/** The URIs of an object: its own, and those it was opened by (a directory can have an alias). */
function urisOf(address: ObjectAddress): readonly vscode.Uri[] {
  const own = fileUri(address);
  const others = openFiles().filter(
    (uri) => standsFor(uri, address) && uri.toString() !== own.toString(),
  );
  return [own, ...others];
}

function covers(watch: Watch, uri: vscode.Uri): boolean {
  if (watch.uri.authority.toLowerCase() !== uri.authority.toLowerCase()) return false;
  if (watch.uri.path === uri.path) return true;
  const path = below(watch, uri);
  return path !== uri.path && (watch.recursive || !path.includes('/'));
}

/** The path below what is watched; the whole path if it is not below. */
function below({ uri: { path } }: Watch, uri: vscode.Uri): string {
  const start = path.endsWith('/') ? path : `${path}/`;
  return uri.path.startsWith(start) ? uri.path.slice(start.length) : uri.path;
}

import * as vscode from 'vscode';
import type { ObjectInfo } from '../../core/objectStore.ts';
import type { OpenedObject } from '../../transfer/openObject.ts';
import type { FileBase, FileBases } from './fileBases.ts';
import { isDirty } from './openFiles.ts';
import { MtimeClock } from './mtimeClock.ts';
import { RecentMap } from './recentMap.ts';
import type { SeenObject } from './seenObjects.ts';

/** What VS Code is told, and was told, of the state of each file. */
export class FileStates {
  readonly #bases: FileBases;
  readonly #clock = new MtimeClock();
  /** The ETag that the last stat of a file spoke of. */
  readonly #told = new RecentMap<string>(5_000);

  constructor(bases: FileBases) {
    this.#bases = bases;
    for (const [uri, { etag, mtime }] of bases.entries()) this.#clock.restore(uri, etag, mtime);
  }

  base(uri: vscode.Uri): FileBase | undefined {
    return this.#bases.get(uri.toString());
  }

  /**
   * The stat of a file. While an editor has unsaved changes the mtime stays that of the state that
   * it is based on: else VS Code, too, would ask about the conflict, and only if the size differs;
   * the save's own condition finds every one.
   */
  statOf(uri: vscode.Uri, object: SeenObject): vscode.FileStat {
    const base = this.base(uri);
    this.#told.set(uri.toString(), object.etag);
    const mtime =
      base !== undefined && isDirty(uri) ? base.mtime : this.#clock.mtimeOf(uri.toString(), object);
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: object.size };
  }

  /**
   * Notes what was read.
   * @returns whether VS Code believes the file to be in another state than the one it got now
   */
  noteRead(uri: vscode.Uri, opened: OpenedObject): boolean {
    const name = uri.toString();
    const { etag } = opened.info;
    const told = [this.#told.get(name), this.base(uri)?.etag];
    if (!isDirty(uri)) this.#keep(uri, opened);
    return told.some((each) => each !== undefined && each !== etag);
  }

  noteSaved(uri: vscode.Uri, opened: OpenedObject): void {
    this.#told.set(uri.toString(), opened.info.etag);
    this.#keep(uri, opened);
  }

  /**
   * The object was moved. Unsaved changes move with it: they are still based on what their editor
   * read, which may not be what was moved.
   */
  noteMoved(from: vscode.Uri, to: vscode.Uri, source: ObjectInfo, target: OpenedObject): void {
    const base = this.base(from);
    this.forget(from);
    this.noteSaved(to, target);
    if (base === undefined || base.etag === source.etag) return;
    const opened = { ...target, info: { ...target.info, etag: base.etag } };
    this.#bases.set(to.toString(), { ...base, opened });
  }

  /** The object is gone, or another one will be in its place. */
  forget(uri: vscode.Uri): void {
    this.#bases.delete(uri.toString());
    this.#told.delete(uri.toString());
  }

  #keep(uri: vscode.Uri, opened: OpenedObject): void {
    const { etag, size } = opened.info;
    const mtime = this.#clock.mtimeOf(uri.toString(), opened.info);
    this.#bases.set(uri.toString(), { etag, mtime, size, opened });
  }
}

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { SettingProblem } from '../../core/settingProblem.ts';
import { settingIds } from '../ids.ts';
import { configurationTarget, type SettingTarget } from '../workspaceSettings.ts';
import type { FolderWords } from './localFolder.ts';
import { pairEntry, readPairs, type SavedPair } from './savedPair.ts';

interface ReadSettings {
  readonly pairs: ReadonlyMap<string, { readonly pair: SavedPair; readonly target: SettingTarget }>;
  readonly problems: readonly SettingProblem[];
}

/**
 * The saved pairs: what the setting `ssec.sync` says. A pair of the workspace hides the user's of
 * the same name. Those of an untrusted workspace are not read: they say where files are sent.
 */
export class PairSettings {
  readonly #emitter = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #read: ReadSettings | undefined;

  readonly onDidChange = this.#emitter.event;

  constructor() {
    const changed = (): void => {
      this.#read = undefined;
      this.#emitter.fire();
    };
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingIds.sync)) changed();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeWorkspaceFolders(changed),
    );
  }

  /** All of them, by name. */
  list(): readonly SavedPair[] {
    return [...this.#settings().pairs.values()]
      .map(({ pair }) => pair)
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  get(name: string): SavedPair | undefined {
    return this.#settings().pairs.get(name)?.pair;
  }

  /** Which settings a pair stands in. */
  targetOf(name: string): SettingTarget | undefined {
    return this.#settings().pairs.get(name)?.target;
  }

  /** What in the setting cannot be used. */
  problems(): readonly SettingProblem[] {
    return this.#settings().problems;
  }

  /** Saves a pair; one of the same name in the same settings is replaced. */
  async save(pair: SavedPair, target: SettingTarget): Promise<void> {
    await write(target, pair.name, pairEntry(pair));
  }

  async remove(name: string): Promise<void> {
    const target = this.targetOf(name);
    if (target !== undefined) await write(target, name, undefined);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#emitter.dispose();
  }

  #settings(): ReadSettings {
    this.#read ??= readSettings();
    return this.#read;
  }
}

/** What the words in a local folder stand for in this window. */
export function folderWords(): FolderWords {
  return {
    home: homedir(),
    workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({
      name,
      ...(uri.scheme === 'file' ? { path: uri.fsPath } : {}),
    })),
  };
}

function readSettings(): ReadSettings {
  const pairs = new Map<string, { pair: SavedPair; target: SettingTarget }>();
  const problems: SettingProblem[] = [];
  for (const target of ['user', 'workspace'] as const) {
    const read = readPairs(valueIn(target));
    problems.push(...read.problems);
    for (const pair of read.pairs) pairs.set(pair.name, { pair, target });
  }
  return { pairs, problems };
}

async function write(
  target: SettingTarget,
  name: string,
  entry: Record<string, unknown> | undefined,
): Promise<void> {
  const before = valueIn(target);
  const isObject = typeof before === 'object' && before !== null && !Array.isArray(before);
  const entries = new Map(Object.entries(isObject ? before : {}));
  if (entry === undefined) entries.delete(name);
  else entries.set(name, entry);
  await vscode.workspace
    .getConfiguration()
    .update(
      settingIds.sync,
      entries.size === 0 ? undefined : Object.fromEntries(entries),
      configurationTarget(target),
    );
}

function valueIn(target: SettingTarget): unknown {
  const inspected = vscode.workspace.getConfiguration().inspect(settingIds.sync);
  if (target === 'user') return inspected?.globalValue;
  return vscode.workspace.isTrusted ? inspected?.workspaceValue : undefined;
}

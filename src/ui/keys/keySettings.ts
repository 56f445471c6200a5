import * as vscode from 'vscode';
import type { SettingProblem } from '../../core/settingProblem.ts';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import { type KeyRules, readKeyRules } from '../../keys/keyRules.ts';
import { readUploadRules, type UploadRules } from '../../keys/uploadRules.ts';
import { settingIds } from '../ids.ts';
import { configurationTarget, type SettingTarget } from '../workspaceSettings.ts';

/**
 * The settings about customer keys and uploads: rules and default. Those of an untrusted workspace
 * are not read: they say where a key is sent, and what becomes of what is stored.
 */
export class KeySettings {
  readonly #emitter = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #read: ReturnType<typeof readKeyRules> | undefined;
  #readUploads: ReturnType<typeof readUploadRules> | undefined;

  readonly onDidChange = this.#emitter.event;

  constructor() {
    const changed = (): void => {
      this.#read = undefined;
      this.#readUploads = undefined;
      this.#emitter.fire();
    };
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        const { keyRules, uploadRules, defaultCustomerKey } = settingIds;
        const ids = [keyRules, uploadRules, defaultCustomerKey];
        if (ids.some((id) => event.affectsConfiguration(id))) changed();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
    );
  }

  /** The key rules in force: the user's, and over them, by pattern, the workspace's. */
  rules(): KeyRules {
    return this.#rules().rules;
  }

  /** The upload rules in force, joined as the key rules. */
  uploadRules(): UploadRules {
    return this.#uploads().rules;
  }

  /** What in the rules cannot be used. */
  problems(): readonly SettingProblem[] {
    return [...this.#rules().problems, ...this.#uploads().problems];
  }

  /** The name or fingerprint of the default customer key; undefined if there is none. */
  defaultKey(): string | undefined {
    const value = effective(settingIds.defaultCustomerKey);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  }

  /** Sets the default customer key; `undefined` removes what these settings say. */
  async setDefaultKey(nameOrFingerprint: string | undefined, target: SettingTarget): Promise<void> {
    await vscode.workspace
      .getConfiguration()
      .update(settingIds.defaultCustomerKey, nameOrFingerprint, configurationTarget(target));
  }

  /** The settings whose default customer key is that name or fingerprint. */
  targetsOfDefault(nameOrFingerprint: string): readonly SettingTarget[] {
    const inspected = inspect(settingIds.defaultCustomerKey);
    const targets: SettingTarget[] = [];
    if (inspected.user === nameOrFingerprint) targets.push('user');
    if (inspected.workspace === nameOrFingerprint) targets.push('workspace');
    return targets;
  }

  /** The patterns of the rules that name a customer key. */
  rulesNaming(record: Pick<KeyRecord, 'name' | 'fingerprint'>): readonly string[] {
    return this.rules()
      .all()
      .filter(({ customerKey }) => isNamedBy(record, customerKey))
      .map(({ pattern }) => pattern);
  }

  /** Whether the default names a customer key. */
  isDefault(record: Pick<KeyRecord, 'name' | 'fingerprint'>): boolean {
    return isNamedBy(record, this.defaultKey());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#emitter.dispose();
  }

  #uploads(): ReturnType<typeof readUploadRules> {
    this.#readUploads ??= readUploadRules(effective(settingIds.uploadRules));
    return this.#readUploads;
  }

  #rules(): ReturnType<typeof readKeyRules> {
    this.#read ??= readKeyRules(effective(settingIds.keyRules));
    return this.#read;
  }
}

function isNamedBy(
  { name, fingerprint }: Pick<KeyRecord, 'name' | 'fingerprint'>,
  text: string | null | undefined,
): boolean {
  return text === name || text === fingerprint;
}

function effective(id: string): unknown {
  if (vscode.workspace.isTrusted) return vscode.workspace.getConfiguration().get(id);
  return inspect(id).user;
}

function inspect(id: string): { readonly user: unknown; readonly workspace: unknown } {
  const inspected = vscode.workspace.getConfiguration().inspect<unknown>(id);
  return { user: inspected?.globalValue, workspace: inspected?.workspaceValue };
}

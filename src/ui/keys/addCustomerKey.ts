import * as v from 'valibot';
import * as vscode from 'vscode';
import { readCustomerKey } from '../../core/customerKeyFormat.ts';
import type { Fingerprint } from '../../core/customerKey.ts';
import type { KeyRecord, KeyScope } from '../../keys/keyRecord.ts';
import { defineCommand, InvalidArguments, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askSteps } from '../steps.ts';
import { workspaceId } from '../workspaceId.ts';
import { bindingSteps } from './bindingSteps.ts';
import { hostFrom, hostsOf } from './hosts.ts';
import { hosts, names, scope, text } from './keyArguments.ts';
import { type KeyDeps, KeyNode } from './keyChoice.ts';
import { KeyProblem } from './keyProblems.ts';
import {
  type NewKeyDraft,
  readInFormat,
  readKeyFile,
  takeReading,
  takeReadings,
} from './newKey.ts';
import { keyNameStep, type NewKeyContext, scopeStep, sourceSteps } from './newKeySteps.ts';
import { reviewStep } from './reviewStep.ts';
import { writeCopy } from './saveCopy.ts';

const schema = v.strictObject({
  name: v.optional(text),
  format: v.optional(
    v.picklist(
      ['text', 'base64', 'hex', 'file', 'generate'],
      'expected "text", "base64", "hex", "file" or "generate".',
    ),
  ),
  value: v.optional(text),
  file: v.optional(text),
  scope: v.optional(scope),
  hosts: v.optional(hosts),
  buckets: v.optional(names),
  expect: v.optional(text),
  saveCopy: v.optional(text),
});
export type AddKeyArguments = v.InferOutput<typeof schema>;

/** What `ssec.addCustomerKey` returns. */
export interface AddedKey {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly scope: KeyScope;
}

/** "Add Customer Key…": asks, shows the fingerprint, stores. */
export function addCustomerKeyCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.addCustomerKey,
    schema,
    fromTarget: (target) => {
      if (target instanceof KeyProblem) return target.remedy;
      return target instanceof KeyNode ? againArguments(target.record) : undefined;
    },
    run: (args) => addCustomerKey(deps, args),
  });
}

/** What adds a customer key again that the secret storage lost. */
export function againArguments(record: KeyRecord): AddKeyArguments {
  return { name: record.name, scope: record.scope, expect: record.fingerprint, hosts: [] };
}

/** @param proposedHosts hosts that are ticked at first; by default the only one there is */
export async function addCustomerKey(
  { ring, connections }: KeyDeps,
  args: AddKeyArguments,
  proposedHosts?: readonly string[],
): Promise<AddedKey> {
  const hasWorkspace = workspaceId() !== undefined;
  const context: NewKeyContext = {
    records: await ring.list(),
    hasWorkspace,
    expected: args.expect,
  };
  const draft: NewKeyDraft = {
    name: args.name,
    scope: args.scope ?? (hasWorkspace ? 'workspace' : 'user'),
    hosts: args.hosts?.map((host) => hostFrom(host) ?? host),
    buckets: args.buckets,
  };
  if (args.buckets !== undefined && (args.hosts ?? []).length === 0) {
    throw new InvalidArguments(
      vscode.l10n.t('Buckets are those of a host: give the argument "hosts", too.'),
    );
  }
  await readArguments(draft, args);
  const isAsked = draft.key === undefined || args.name === undefined;
  if (isAsked) {
    const known = hostsOf(connections.list());
    const proposed = proposedHosts ?? (known.length === 1 ? known : []);
    await askSteps(
      args.expect === undefined || args.name === undefined
        ? vscode.l10n.t('Add Customer Key')
        : vscode.l10n.t('Add Customer Key "{0}" Again', args.name),
      [
        ...(draft.key === undefined ? sourceSteps(context) : []),
        ...(args.scope === undefined ? [scopeStep(context)] : []),
        ...(args.name === undefined ? [keyNameStep(context)] : []),
        ...(args.hosts === undefined
          ? bindingSteps(
              [...new Set([...known, ...(proposedHosts ?? [])])],
              proposed,
              vscode.l10n.t('Hosts that may get it; with none, the first use asks'),
            )
          : []),
        reviewStep(hasWorkspace),
      ],
      draft,
    );
  }

  const { key, name = '', scope: chosenScope } = draft;
  if (key === undefined) throw new Error('No customer key was read.');
  if (args.saveCopy !== undefined) await writeCopy(key, args.saveCopy);
  const bindings = (draft.hosts ?? []).map((host) => ({ host, buckets: draft.buckets }));
  const record = await ring.add({ name, key, scope: chosenScope, bindings });
  if (isAsked) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The customer key "{0}" is stored: {1}', record.name, record.fingerprint),
    );
  }
  return { name: record.name, fingerprint: record.fingerprint, scope: record.scope };
}

/** Reads the customer key that the arguments hold or name, if they do. */
async function readArguments(draft: NewKeyDraft, args: AddKeyArguments): Promise<void> {
  const { format, value, file, expect } = args;
  if (format === 'generate') {
    if (expect !== undefined) {
      throw new InvalidArguments(
        vscode.l10n.t('A generated customer key cannot have an expected fingerprint.'),
      );
    }
    takeReading(draft, undefined);
    draft.source = 'generate';
  } else if (format === 'file') {
    if (file === undefined) return;
    takeReadings(draft, await readKeyFile(vscode.Uri.file(file)), expect);
  } else if (value !== undefined) {
    const readings =
      format === undefined ? [readCustomerKey(value)] : [readInFormat(value, format)];
    takeReadings(draft, readings, expect);
  }
}

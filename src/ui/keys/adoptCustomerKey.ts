import * as v from 'valibot';
import * as vscode from 'vscode';
import type { KeyOfOtherWorkspace, KeyRecord } from '../../keys/keyRecord.ts';
import { KeyRingError } from '../../keys/keyRingError.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askText, pick } from '../prompts.ts';
import { workspaceId } from '../workspaceId.ts';
import type { AddedKey } from './addCustomerKey.ts';
import { describeBinding } from './hosts.ts';
import { scope, text } from './keyArguments.ts';
import type { KeyDeps } from './keyChoice.ts';
import { nameProblem } from './newKeySteps.ts';

const schema = v.strictObject({
  fingerprint: v.optional(text),
  workspaceId: v.optional(text),
  scope: v.optional(scope),
  name: v.optional(text),
});
type AdoptArguments = v.InferOutput<typeof schema>;

/** "Use Customer Key of Another Workspace…": for example of a folder that was moved. */
export function adoptCustomerKeyCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.adoptCustomerKey,
    schema,
    run: (args) => adoptCustomerKey(deps, args),
  });
}

export async function adoptCustomerKey(deps: KeyDeps, args: AdoptArguments): Promise<AddedKey> {
  const { ring } = deps;
  const title = vscode.l10n.t('Use Customer Key of Another Workspace');
  const targetScope = args.scope ?? (workspaceId() === undefined ? 'user' : 'workspace');
  const records = await ring.list();
  const here = records.filter((record) => record.scope === targetScope && !record.missing);
  const others = (await ring.ofOtherWorkspaces()).filter(
    (other) =>
      (args.fingerprint === undefined || other.fingerprint === args.fingerprint) &&
      (args.workspaceId === undefined || other.workspaceId === args.workspaceId),
  );
  const adoptable = others.filter(
    (other) => !here.some(({ fingerprint }) => fingerprint === other.fingerprint),
  );
  const chosen = await choose(args.fingerprint === undefined ? adoptable : others, args, title);
  const name = await freeName(chosen, args, { records, scope: targetScope, title });
  const record = await ring.adopt(chosen, { scope: targetScope, name });
  return { name: record.name, fingerprint: record.fingerprint, scope: record.scope };
}

async function choose(
  keys: readonly KeyOfOtherWorkspace[],
  args: AdoptArguments,
  title: string,
): Promise<KeyOfOtherWorkspace> {
  const [first] = keys;
  if (first === undefined) {
    throw new KeyRingError(
      'unknownKey',
      vscode.l10n.t('There is no such customer key in another workspace.'),
      args.fingerprint ?? '',
    );
  }
  if (args.fingerprint !== undefined) return first;
  return await pick(
    keys.map((key) => ({
      label: `$(key) ${key.name}`,
      description: key.workspaceLabel ?? key.workspaceId,
      detail: [key.fingerprint, ...key.bindings.map(describeBinding)].join(' · '),
      value: key,
    })),
    { title, placeHolder: vscode.l10n.t('The other workspace keeps it, too'), matchOnDetail: true },
  );
}

/** Its own name, unless that is taken here. */
async function freeName(
  chosen: KeyOfOtherWorkspace,
  args: AdoptArguments,
  {
    records,
    scope: targetScope,
    title,
  }: {
    readonly records: readonly KeyRecord[];
    readonly scope: KeyRecord['scope'];
    readonly title: string;
  },
): Promise<string> {
  if (args.name !== undefined) return args.name;
  const problemOf = (name: string): string | undefined =>
    nameProblem(name, { scope: targetScope, key: chosen }, records);
  if (problemOf(chosen.name) === undefined) return chosen.name;
  return await askText({
    title,
    prompt: vscode.l10n.t('Another name for {0}', chosen.fingerprint),
    value: chosen.name,
    validateInput: problemOf,
  });
}

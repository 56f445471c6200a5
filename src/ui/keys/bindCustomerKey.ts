import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Binding } from '../../keys/bindings.ts';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import { Cancelled, defineCommand, InvalidArguments, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { type Choice, confirm, pick } from '../prompts.ts';
import { askSteps } from '../steps.ts';
import { type BindingDraft, bindingSteps } from './bindingSteps.ts';
import { describeBinding, hostFrom, hostsOf } from './hosts.ts';
import { hosts, keyReference, names } from './keyArguments.ts';
import { keyFor, keyFromTarget, type KeyDeps } from './keyChoice.ts';

const schema = v.strictObject({
  ...keyReference,
  action: v.optional(v.picklist(['bind', 'unbind'], 'expected "bind" or "unbind".')),
  hosts: v.optional(hosts),
  buckets: v.optional(names),
});
type BindArguments = v.InferOutput<typeof schema>;

/** "Bind Customer Key to Hosts…": where it may be sent to, and where no more. */
export function bindCustomerKeyCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.bindCustomerKey,
    schema,
    fromTarget: keyFromTarget,
    run: (args) => bindCustomerKey(deps, args),
  });
}

export async function bindCustomerKey(
  deps: KeyDeps,
  args: BindArguments,
): Promise<{ readonly fingerprint: string; readonly bindings: readonly Binding[] }> {
  const { ring } = deps;
  const title = vscode.l10n.t('Bind Customer Key to Hosts');
  const record = await keyFor(deps, args, title);
  const { action, bindings } = await changeOf(deps, record, args, title);
  if (action === 'bind') await confirmBindings(record, bindings);
  let { bindings: now } = record;
  for (const binding of bindings) {
    const { fingerprint, scope } = record;
    const changed = await (action === 'bind'
      ? ring.bind(fingerprint, binding, scope)
      : ring.unbind(fingerprint, binding, scope));
    now = changed.bindings;
  }
  return { fingerprint: record.fingerprint, bindings: now };
}

interface Change {
  readonly action: 'bind' | 'unbind';
  readonly bindings: readonly Binding[];
}

async function changeOf(
  { connections }: KeyDeps,
  record: KeyRecord,
  args: BindArguments,
  title: string,
): Promise<Change> {
  if (args.hosts === undefined) {
    const unbound = args.action === 'bind' ? undefined : await pickUnbinding(record, args, title);
    if (unbound !== undefined) return { action: 'unbind', bindings: [unbound] };
    const isWhole = (host: string): boolean =>
      record.bindings.some((binding) => binding.host === host && binding.buckets === undefined);
    const known = hostsOf(connections.list());
    const free = known.filter((host) => !isWhole(host));
    const draft: BindingDraft = { buckets: args.buckets };
    const question = vscode.l10n.t('Which other hosts may "{0}" be sent to?', record.name);
    await askSteps(title, bindingSteps(free, free.length === 1 ? free : [], question), draft);
    if ((draft.hosts ?? []).length === 0) throw new Cancelled();
    return { action: 'bind', bindings: bindingsOf(draft.hosts ?? [], draft.buckets) };
  }
  const given = args.hosts.map((host) => hostFrom(host) ?? host);
  return { action: args.action ?? 'bind', bindings: bindingsOf(given, args.buckets) };
}

function bindingsOf(given: readonly string[], buckets: readonly string[] | undefined): Binding[] {
  return given.map((host) => ({ host, buckets }));
}

/** Asks which binding to take back; undefined means that one is to be added. */
async function pickUnbinding(
  record: KeyRecord,
  args: BindArguments,
  title: string,
): Promise<Binding | undefined> {
  if (record.bindings.length === 0) {
    if (args.action === undefined) return undefined;
    throw new InvalidArguments(
      vscode.l10n.t('The customer key "{0}" is bound to no host.', record.name),
    );
  }
  const add: Choice<Binding | undefined> = {
    label: `$(add) ${vscode.l10n.t('Bind to more hosts or buckets…')}`,
    value: undefined,
  };
  const existing = record.bindings.map((binding): Choice<Binding | undefined> => ({
    label: `$(trash) ${vscode.l10n.t('Unbind from {0}', describeBinding(binding))}`,
    detail: vscode.l10n.t('Before it is sent there again, you are asked'),
    value: binding,
  }));
  return await pick(args.action === undefined ? [add, ...existing] : existing, {
    title,
    placeHolder: `${record.name} · ${record.fingerprint}`,
  });
}

/** A stored key never gets a new host without the person's word, whatever the arguments say. */
async function confirmBindings(record: KeyRecord, bindings: readonly Binding[]): Promise<void> {
  if (bindings.length === 0) return;
  await confirm(
    vscode.l10n.t(
      'Allow sending the customer key "{0}" to {1}?',
      record.name,
      bindings.map(({ host }) => host).join(', '),
    ),
    [
      vscode.l10n.t('Fingerprint: {0}', record.fingerprint),
      bindings[0]?.buckets === undefined
        ? vscode.l10n.t('For all buckets there.')
        : vscode.l10n.t('For these buckets only: {0}', bindings[0].buckets.join(', ')),
    ].join('\n'),
    vscode.l10n.t('Allow'),
  );
}

import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  baseName,
  formatAddress,
  type ObjectAddress,
  type PrefixAddress,
} from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { keepsVersions } from '../../transfer/bucketVersions.ts';
import { deleteObjects } from '../../transfer/deleteObjects.ts';
import { listPrefix } from '../../transfer/listPrefix.ts';
import type { RunReport } from '../../transfer/run.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { ObjectChange } from '../objectChanges.ts';
import type { JobTask } from '../transfers/transferJob.ts';
import { type AnyCommand, Cancelled, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askText, confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import { withProgress } from '../withProgress.ts';
import { amountOf } from './copyAgreement.ts';
import { flag, objectsField, type Place, placeFields, placesIn } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';
import { outcomeOf, type RunOutcome, showOutcome } from './runOutcome.ts';
import { selectedTargets } from './selectedTargets.ts';

const schema = v.strictObject({
  ...placeFields,
  objects: objectsField,
  confirmed: v.optional(flag),
});
type DeleteArguments = v.InferOutput<typeof schema>;

/** From how many objects on the number has to be typed. */
const typedFrom = 101;

/** "Delete…": objects, and everything below prefixes. */
export function deleteObjectCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.deleteObject,
    schema,
    fromTarget: selectedTargets(deps.tree),
    run: (args) => deleteObject(deps, args),
  });
}

async function deleteObject(deps: ObjectDeps, args: DeleteArguments): Promise<RunOutcome> {
  const { confirmed, ...given } = args;
  const places = placesIn(given) ?? [await placeFor(deps, given, vscode.l10n.t('Delete'), 'any')];
  const plan = await planOf(deps, places);
  if (confirmed !== true) await agree(deps, places, plan);
  const { transfers } = deps;
  let rest = plan.objects;
  const run = async (task: JobTask): Promise<RunOutcome> => {
    const report = await runPlan(deps, places, rest, task);
    const deleted = new Set(report.succeeded.map(nameOf));
    rest = rest.filter((address) => !deleted.has(nameOf(address)));
    return outcomeOf(report);
  };
  const [first, ...others] = places;
  const label =
    first === undefined || others.length > 0
      ? vscode.l10n.t('{0} items', places.length)
      : describe(first);
  const { id, done } = transfers.start({ kind: 'delete', label, run });
  const outcome = await done;
  const show = (of: RunOutcome): void => {
    showOutcome(deps, of, vscode.l10n.t('{0} deleted', amountOf(of.succeeded, 0)), async () => {
      const transfer = transfers.get(id);
      const again = transfer && (await transfers.retry(transfer));
      if (again !== undefined) show(again);
    });
  };
  show(outcome);
  return outcome;
}

async function runPlan(
  { context, changes }: ObjectDeps,
  places: readonly Place[],
  objects: readonly ObjectAddress[],
  { signal, report }: JobTask,
): Promise<RunReport> {
  let result: RunReport | undefined;
  try {
    result = await deleteObjects(context, objects, {
      signal,
      onProgress: ({ done, total }) => {
        report({ bytes: 0, objects: done, totalObjects: total });
      },
    });
    return result;
  } finally {
    const deleted = new Set(result?.succeeded.map(nameOf));
    changes.fire(
      ...places.flatMap((place): ObjectChange[] => {
        if (place.type === 'prefix') return [{ type: 'prefixChanged', address: place.address }];
        const isGone = deleted.has(nameOf(place.address));
        return isGone ? [{ type: 'deleted', address: place.address }] : [];
      }),
    );
  }
}

/** What is going to be deleted. */
interface DeletePlan {
  readonly objects: readonly ObjectAddress[];
  /** Of what was listed, in bytes. */
  readonly bytes: number;
}

/** Lists what stands below the prefixes; each object counts once. */
async function planOf({ context }: ObjectDeps, places: readonly Place[]): Promise<DeletePlan> {
  const objects = new Map<string, ObjectAddress>();
  let bytes = 0;
  for (const { type, address } of places) {
    if (type === 'object') {
      objects.set(nameOf(address), address);
      continue;
    }
    const { connection, bucket, prefix } = address;
    const where = visibleText(formatAddress({ bucket, key: prefix }));
    const listed = await withProgress(
      vscode.l10n.t('Listing {0}', where),
      async (signal, report) =>
        await listPrefix(await context.stores.get(connection), address, {
          signal,
          onFound: (count) => {
            report(vscode.l10n.t('{0} objects', count));
          },
        }),
    );
    if (listed.length === 0) {
      const message = vscode.l10n.t('There is nothing below {0}.', where);
      throw new StoreError('notFound', message, { connection, bucket, key: prefix });
    }
    for (const { key, size } of listed) {
      objects.set(nameOf({ connection, bucket, key }), { connection, bucket, key });
      bytes += size;
    }
  }
  return { objects: [...objects.values()], bytes };
}

/** Says how much is going to be deleted and what stays. @throws Cancelled */
async function agree(
  { context }: ObjectDeps,
  places: readonly Place[],
  { objects, bytes }: DeletePlan,
): Promise<void> {
  const [first] = objects;
  if (first === undefined) return;
  const count = objects.length;
  const question =
    count === 1
      ? vscode.l10n.t('Delete “{0}”?', visibleText(baseName(first.key)))
      : bytes === 0
        ? vscode.l10n.t('Delete {0} objects?', count)
        : vscode.l10n.t('Delete {0} objects ({1})?', count, sizeText(bytes));
  const detail = [
    ...places.slice(0, 10).map(describe),
    ...(places.length > 10 ? [vscode.l10n.t('and {0} more', places.length - 10)] : []),
    ...(await versionLines(context, objects)),
  ].join('\n');
  await confirm(question, detail, vscode.l10n.t('Delete'));
  if (count < typedFrom) return;
  const [place, ...others] = places;
  const name = place?.type === 'prefix' && others.length === 0 ? nameOfPrefix(place.address) : '';
  const fitting = [String(count), ...(name === '' ? [] : [name])];
  const typed = await askText({
    title: question,
    prompt:
      name === ''
        ? vscode.l10n.t('Type {0} to delete as many objects', count)
        : vscode.l10n.t('Type {0} to delete as many objects, or the name {1}', count, name),
    validateInput: (text) =>
      fitting.some((each) => each.startsWith(text.trim()))
        ? undefined
        : vscode.l10n.t('It is {0}', fitting.join(vscode.l10n.t(' or '))),
  });
  if (!fitting.includes(typed.trim())) throw new Cancelled();
}

/** The last segment of a prefix without its slash, or the bucket; as it is shown and typed. */
function nameOfPrefix({ bucket, prefix }: PrefixAddress): string {
  return visibleText(prefix === '' ? bucket : baseName(prefix).slice(0, -1)).trim();
}

/** What stays of it, a line for what holds of all buckets, or for each. */
async function versionLines(
  { stores }: TransferContext,
  objects: readonly ObjectAddress[],
): Promise<string[]> {
  const buckets = new Map(
    objects.map((address) => [`${address.connection}/${address.bucket}`, address]),
  );
  const kept: string[] = [];
  for (const address of buckets.values()) {
    const isKept = await keepsVersions(await stores.get(address.connection), address);
    if (isKept) kept.push(address.bucket);
  }
  if (kept.length === 0) return [vscode.l10n.t('This cannot be undone.')];
  if (kept.length === buckets.size) {
    return [vscode.l10n.t('The bucket keeps versions: they stay below a delete marker.')];
  }
  const names = kept.join(', ');
  return [
    vscode.l10n.t('Versions stay below a delete marker in {0} only.', names),
    vscode.l10n.t('The rest cannot be undone.'),
  ];
}

function describe({ type, address }: Place): string {
  const key = type === 'object' ? address.key : address.prefix;
  const where = visibleText(formatAddress({ bucket: address.bucket, key }));
  return type === 'object' ? where : vscode.l10n.t('everything below {0}', where);
}

function nameOf({ connection, bucket, key }: ObjectAddress): string {
  return `${connection}/${bucket}/${key}`;
}

import * as v from 'valibot';
import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { keepsVersions } from '../../transfer/bucketVersions.ts';
import { deleteObjects } from '../../transfer/deleteObjects.ts';
import { listPrefix } from '../../transfer/listPrefix.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askText, confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import { visibleText } from '../tree/visibleText.ts';
import { withProgress } from '../withProgress.ts';
import { flag, type Place, placeFields, placeFromTarget, placeOf } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';
import { outcomeOf, type RunOutcome, showOutcome } from './runOutcome.ts';

const schema = v.strictObject({
  ...placeFields,
  objects: v.optional(v.array(v.strictObject(placeFields), 'expected a list of objects.')),
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
    fromTarget: placeFromTarget,
    run: (args) => deleteObject(deps, args),
  });
}

async function deleteObject(deps: ObjectDeps, args: DeleteArguments): Promise<RunOutcome> {
  const { context, changes } = deps;
  const places = await placesOf(deps, args);
  const plan = await planOf(deps, places);
  if (args.confirmed !== true) await agree(deps, places, plan);
  const title = vscode.l10n.t('Deleting {0} objects', plan.objects.length);
  try {
    const report = await withProgress(title, (signal, show) =>
      deleteObjects(context, plan.objects, {
        signal,
        onProgress: ({ done, total }) => {
          show(vscode.l10n.t('{0} of {1} objects', done, total), done, total);
        },
      }),
    );
    const deleted = new Set(report.succeeded.map(nameOf));
    const objects = places.filter((place) => place.type === 'object');
    changes.fire(
      ...objects
        .filter(({ address }) => deleted.has(nameOf(address)))
        .map(({ address }) => ({ type: 'deleted', address }) as const),
    );
    const outcome = outcomeOf(report);
    showOutcome(deps, outcome, vscode.l10n.t('{0} objects deleted', outcome.succeeded));
    return outcome;
  } finally {
    const prefixes = places.filter((place) => place.type === 'prefix');
    changes.fire(...prefixes.map(({ address }) => ({ type: 'prefixChanged', address }) as const));
  }
}

/** What is going to be deleted. */
interface DeletePlan {
  readonly objects: readonly ObjectAddress[];
  /** Of what was listed, in bytes. */
  readonly bytes: number;
}

async function placesOf(deps: ObjectDeps, args: DeleteArguments): Promise<readonly Place[]> {
  const { objects } = args;
  if (objects === undefined) {
    return [await placeFor(deps, args, vscode.l10n.t('Delete'), 'any')];
  }
  return objects.map((object, index) => {
    const place = placeOf(object);
    if (place !== undefined) return place;
    throw new InvalidArguments(`"objects.${index}": connection, bucket or key is missing.`);
  });
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
  const store = await context.stores.get(first.connection);
  const detail = [
    ...places.slice(0, 10).map(describe),
    ...(places.length > 10 ? [vscode.l10n.t('and {0} more', places.length - 10)] : []),
    (await keepsVersions(store, first))
      ? vscode.l10n.t('The bucket keeps versions: they stay below a delete marker.')
      : vscode.l10n.t('This cannot be undone.'),
  ].join('\n');
  await confirm(question, detail, vscode.l10n.t('Delete'));
  if (count < typedFrom) return;
  const typed = await askText({
    title: question,
    prompt: vscode.l10n.t('Type {0} to delete as many objects', count),
    validateInput: (text) =>
      text === '' || String(count).startsWith(text.trim())
        ? undefined
        : vscode.l10n.t('It is {0}', count),
  });
  if (typed.trim() !== String(count)) throw new Cancelled();
}

function describe({ type, address }: Place): string {
  const key = type === 'object' ? address.key : address.prefix;
  const where = visibleText(formatAddress({ bucket: address.bucket, key }));
  return type === 'object' ? where : vscode.l10n.t('everything below {0}', where);
}

function nameOf({ connection, bucket, key }: ObjectAddress): string {
  return `${connection}/${bucket}/${key}`;
}

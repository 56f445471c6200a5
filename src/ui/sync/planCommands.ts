import * as v from 'valibot';
import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, text } from '../objects/objectArguments.ts';
import { compareInPlan } from './compareInPlan.ts';
import { GroupNode, isSyncNode, ItemNode, MoreNode } from './planNodes.ts';
import type { SyncDeps } from './syncDeps.ts';
import { resolutionOf } from './syncNow.ts';

const pathsSchema = v.strictObject({ paths: v.optional(v.array(text)) });
const pathSchema = v.strictObject({ path: v.optional(text) });

/** The commands of the plan that is open in the view. */
export function planCommands(deps: SyncDeps): readonly AnyCommand[] {
  const { desk, tree } = deps;
  return [
    defineCommand({
      id: commandIds.runSyncPlan,
      schema: v.strictObject({ confirmed: v.optional(flag) }),
      fromTarget: fromNode,
      run: ({ confirmed }) => desk.run({ confirmed }),
    }),
    defineCommand({
      id: commandIds.discardSyncPlan,
      schema: v.strictObject({}),
      fromTarget: fromNode,
      run: () => desk.discard(),
    }),
    defineCommand({
      id: commandIds.keepBothInPlan,
      ...decision(deps, 'keepBoth'),
    }),
    defineCommand({
      id: commandIds.useLocalInPlan,
      ...decision(deps, 'local'),
    }),
    defineCommand({
      id: commandIds.useRemoteInPlan,
      ...decision(deps, 'remote'),
    }),
    defineCommand({
      id: commandIds.compareInPlan,
      schema: pathSchema,
      fromTarget: (target) => (target instanceof ItemNode ? { path: target.item.path } : undefined),
      run: ({ path }) => compareInPlan(deps, path),
    }),
    {
      id: commandIds.showMoreOfPlan,
      invoke: (node) => {
        if (node instanceof MoreNode) tree.showMore(node);
        return Promise.resolve(undefined);
      },
    },
  ];
}

/** A button of the view may come with a row, which says nothing here. */
function fromNode(target: unknown): Record<string, never> | undefined {
  return isSyncNode(target) ? {} : undefined;
}

/** A command that decides conflicts: those that are named, those of a menu, or all. */
function decision(
  { desk }: SyncDeps,
  word: 'keepBoth' | 'local' | 'remote',
): {
  readonly schema: typeof pathsSchema;
  readonly fromTarget: (
    target: unknown,
    selection: readonly unknown[],
  ) => { paths?: string[] } | undefined;
  readonly run: (args: v.InferOutput<typeof pathsSchema>) => Promise<{ decided: number }>;
} {
  return {
    schema: pathsSchema,
    fromTarget: (target, selection) => {
      if (target instanceof GroupNode) return {};
      const nodes = selection.length > 0 ? selection : [target];
      const items = nodes.filter((node) => node instanceof ItemNode);
      if (items.length === 0) return undefined;
      return { paths: items.map(({ item }) => item.path) };
    },
    run: ({ paths }) => {
      const conflicts = desk.requirePlan().model.conflicts();
      const known = new Set(conflicts.map(({ path }) => path));
      const unknown = paths?.find((path) => !known.has(path));
      if (unknown !== undefined) {
        throw new InvalidArguments(
          vscode.l10n.t('“{0}” is no conflict of the plan.', visibleText(unknown)),
        );
      }
      const wanted = paths ?? [...known];
      desk.decide(wanted, resolutionOf(word));
      return Promise.resolve({ decided: wanted.length });
    },
  };
}

import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ErrorBoundary } from './errorBoundary.ts';
import type { CommandId } from './ids.ts';

/**
 * A command: everything that it would ask can be given as one argument object instead. `run` gets
 * what was given (all properties are optional to the command; it asks for what is missing) and
 * returns what a caller may want to know.
 */
export interface Command<Arguments> {
  readonly id: CommandId;
  /** A strict object schema: an unknown or ill-typed property is an error that names it. */
  readonly schema: v.GenericSchema<unknown, Arguments>;
  /** What a menu's target (a tree node, the selection, a URI) says as arguments. */
  readonly fromTarget?: (
    target: unknown,
    selection: readonly unknown[],
  ) => Partial<Arguments> | undefined;
  readonly run: (args: Arguments) => Promise<unknown>;
}

/** A command of any argument type, as the registration takes it. */
export type AnyCommand = Pick<Command<never>, 'id'> & {
  readonly invoke: (...values: readonly unknown[]) => Promise<unknown>;
};

/** Thrown by prompts when the person pressed Escape; the boundary keeps quiet about it. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

/** The arguments that a caller gave are not those of the command. */
export class InvalidArguments extends Error {
  override readonly name = 'InvalidArguments';
}

/** Nothing can be done without a connection. */
export class NoConnection extends InvalidArguments {
  constructor() {
    super(vscode.l10n.t('There is no connection yet.'));
  }
}

/** Joins a command's schema, menu targets and body into what VS Code calls. */
export function defineCommand<Arguments>(command: Command<Arguments>): AnyCommand {
  return {
    id: command.id,
    invoke: async (target, selection) => {
      const targets = Array.isArray(selection) ? (selection as unknown[]) : [];
      const given = target === undefined ? {} : (command.fromTarget?.(target, targets) ?? target);
      const parsed = v.safeParse(command.schema, given);
      if (!parsed.success) {
        const [issue] = parsed.issues;
        const where = v.getDotPath(issue);
        throw new InvalidArguments(
          `${command.id}: ${where === null ? '' : `"${where}": `}${issue.message} See docs/commands.md.`,
        );
      }
      return await command.run(parsed.output);
    },
  };
}

/**
 * Registers commands inside the one error boundary. A person sees errors as messages with a next
 * step; a caller that passed an argument object gets them thrown.
 */
export function registerCommands(
  commands: readonly AnyCommand[],
  boundary: ErrorBoundary,
): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, (...values: unknown[]) => {
        const [target] = values;
        const run = (): Promise<unknown> => command.invoke(...values);
        return isPlainObject(target) ? boundary.rethrow(run) : boundary.show(run);
      }),
    ),
  );
}

/** Whether a menu's target is a caller's argument object (tree nodes and URIs are instances). */
function isPlainObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  );
}

import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import type { ListedObject, ObjectInfo } from '../../core/objectStore.ts';
import type { SettingProblem } from '../../core/settingProblem.ts';

/** A connection in the tree; what menus are opened on. */
export class ConnectionNode {
  readonly id: string;
  readonly connection: string;

  constructor(connection: string) {
    this.id = `connection ${connection}`;
    this.connection = connection;
  }
}

/** A bucket (the empty prefix) or a prefix in the tree. */
export class PrefixNode {
  readonly id: string;
  readonly address: PrefixAddress;
  /** Under which it is shown; with a filter that can be further up than where it stands. */
  parent: ConnectionNode | PrefixNode;

  constructor(address: PrefixAddress, parent: ConnectionNode | PrefixNode) {
    const { connection, bucket, prefix } = address;
    this.id = `prefix ${connection}/${bucket}/${prefix}`;
    this.address = address;
    this.parent = parent;
  }

  get isBucket(): boolean {
    return this.address.prefix === '';
  }
}

/** An object in the tree. */
export class ObjectNode {
  readonly id: string;
  readonly address: ObjectAddress;
  parent: PrefixNode;
  listed: ListedObject;
  /** What a HEAD told of it; of use while the ETag is the listed one. */
  info: ObjectInfo | undefined = undefined;
  /**
   * That it was found to be encrypted with a customer key that is not known here; of use while its
   * ETag, and what is known to open it, are the same.
   */
  refusal: { readonly etag: string; readonly known: string | undefined } | undefined = undefined;

  constructor(address: ObjectAddress, parent: PrefixNode, listed: ListedObject) {
    const { connection, bucket, key } = address;
    this.id = `object ${connection}/${bucket}/${key}`;
    this.address = address;
    this.parent = parent;
    this.listed = listed;
  }
}

/** Stands for the pages that were not loaded yet. */
export class LoadMoreNode {
  readonly id: string;
  readonly parent: PrefixNode;

  constructor(parent: PrefixNode) {
    this.id = `more ${parent.id}`;
    this.parent = parent;
  }
}

/** Stands for what could not be listed. */
export class ErrorNode {
  readonly id: string;
  readonly parent: ConnectionNode | PrefixNode;
  readonly error: unknown;

  constructor(parent: ConnectionNode | PrefixNode, error: unknown) {
    this.id = `error ${parent.id}`;
    this.parent = parent;
    this.error = error;
  }
}

/** Stands for an entry of the settings that is no connection. */
export class ProblemNode {
  readonly id: string;
  readonly problem: SettingProblem;

  constructor(problem: SettingProblem) {
    this.id = `problem ${problem.path.join('/')} ${problem.message}`;
    this.problem = problem;
  }
}

export type TreeNode =
  ConnectionNode | PrefixNode | ObjectNode | LoadMoreNode | ErrorNode | ProblemNode;

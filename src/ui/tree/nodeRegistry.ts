import { parentPrefix, type ObjectAddress, type PrefixAddress } from '../../core/address.ts';
import type { ListedObject } from '../../core/objectStore.ts';
import { ConnectionNode, ObjectNode, PrefixNode } from './nodes.ts';

/**
 * Keeps one node for each address: VS Code refreshes and reveals nodes by identity, and keeps what
 * is expanded over a refresh.
 */
export class NodeRegistry {
  readonly #connections = new Map<string, ConnectionNode>();
  readonly #prefixes = new Map<string, PrefixNode>();
  readonly #objects = new Map<string, ObjectNode>();

  connection(name: string): ConnectionNode {
    let node = this.#connections.get(name);
    if (node === undefined) {
      node = new ConnectionNode(name);
      this.#connections.set(name, node);
    }
    return node;
  }

  /** @param parent under which it is shown; by default where it stands */
  prefix(address: PrefixAddress, parent?: ConnectionNode | PrefixNode): PrefixNode {
    const name = nameOf(address, address.prefix);
    let node = this.#prefixes.get(name);
    if (node === undefined) {
      node = new PrefixNode(address, parent ?? this.#parentOf(address));
      this.#prefixes.set(name, node);
    } else if (parent !== undefined) node.parent = parent;
    return node;
  }

  object(address: ObjectAddress, parent: PrefixNode, listed: ListedObject): ObjectNode {
    const name = nameOf(address, address.key);
    let node = this.#objects.get(name);
    if (node === undefined) {
      node = new ObjectNode(address, parent, listed);
      this.#objects.set(name, node);
    }
    node.parent = parent;
    node.listed = listed;
    return node;
  }

  /** The node of an object that was shown. */
  findObject(address: ObjectAddress): ObjectNode | undefined {
    return this.#objects.get(nameOf(address, address.key));
  }

  /** A customer key that is known now may open what none did. */
  forgetRefusals(): void {
    for (const node of this.#objects.values()) node.refusal = undefined;
  }

  #parentOf(address: PrefixAddress): ConnectionNode | PrefixNode {
    const { connection, prefix } = address;
    if (prefix === '') return this.connection(connection);
    return this.prefix({ ...address, prefix: parentPrefix(prefix) });
  }
}

function nameOf(
  { connection, bucket }: { readonly connection: string; readonly bucket: string },
  keyOrPrefix: string,
): string {
  return `${connection}/${bucket}/${keyOrPrefix}`;
}

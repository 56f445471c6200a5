import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import type { ListedBucket } from '../../core/objectStore.ts';
import type { KeyRing } from '../../keys/keyRing.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import { withSignal } from '../abortSignal.ts';
import type { Connections } from '../connections/connections.ts';
import type { SeenObjects } from '../files/seenObjects.ts';
import { settingIds, viewIds } from '../ids.ts';
import type { ObjectChange, ObjectChanges } from '../objectChanges.ts';
import { Levels } from './levels.ts';
import { lockStateOf } from './lockState.ts';
import { NodeRegistry } from './nodeRegistry.ts';
import {
  ConnectionNode,
  ErrorNode,
  LoadMoreNode,
  ObjectNode,
  PrefixNode,
  ProblemNode,
  type TreeNode,
} from './nodes.ts';
import { ObjectDragAndDrop } from './objectDragAndDrop.ts';
import { ObjectInspector } from './objectInspector.ts';
import { objectTooltip } from './objectTooltip.ts';
import {
  connectionItem,
  errorItem,
  loadMoreItem,
  objectItem,
  prefixItem,
  problemItem,
} from './treeItems.ts';

export interface ObjectTreeOptions {
  readonly connections: Pick<Connections, 'list' | 'get' | 'problems' | 'onDidChange'>;
  readonly context: TransferContext;
  readonly ring: Pick<KeyRing, 'find' | 'onDidChange'>;
  readonly seen: SeenObjects;
  readonly changes: ObjectChanges;
}

/** The view "Objects": connections, buckets, prefixes and objects, listed as they are expanded. */
export class ObjectTree implements vscode.TreeDataProvider<TreeNode> {
  readonly #options: ObjectTreeOptions;
  readonly #nodes = new NodeRegistry();
  readonly #levels: Levels;
  readonly #inspector: ObjectInspector;
  /** The buckets of each connection that was expanded; a failure only while it is looked at. */
  readonly #buckets = new Map<string, Promise<readonly ListedBucket[] | ErrorNode>>();
  /** Objects whose lock was learnt by looking at their tooltip. */
  readonly #looked = new Set<ObjectNode>();
  /** The connections as they were when something was listed. */
  #shown = new Map<string, string>();
  readonly #emitter = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #subscriptions: readonly { dispose(): unknown }[];

  readonly onDidChangeTreeData = this.#emitter.event;

  constructor(options: ObjectTreeOptions) {
    const { connections, context, ring, seen, changes } = options;
    this.#options = options;
    this.#levels = new Levels({
      stores: context.stores,
      pageSize: () => vscode.workspace.getConfiguration().get<number>(settingIds.pageSize) ?? 1000,
      seen: (address) => seen.object(address, Infinity),
    });
    this.#inspector = new ObjectInspector(context);
    this.#view = vscode.window.createTreeView(viewIds.objects, {
      ...{ treeDataProvider: this, showCollapseAll: true, canSelectMany: true },
      dragAndDropController: new ObjectDragAndDrop(),
    });
    this.#subscriptions = [
      connections.onDidChange(() => {
        this.#followConnections();
      }),
      ring.onDidChange(() => {
        this.#nodes.forgetRefusals();
        this.#emitter.fire(undefined);
      }),
      this.#view.onDidChangeSelection(() => {
        this.#drawLooked();
      }),
      changes.onDidChange((told) => {
        this.#follow(told);
      }),
    ];
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.#roots();
    if (node instanceof ConnectionNode) return await this.#bucketsOf(node);
    if (node instanceof PrefixNode) return await this.#entriesOf(node);
    return [];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return 'parent' in node ? node.parent : undefined;
  }

  async getTreeItem(node: TreeNode): Promise<vscode.TreeItem> {
    if (node instanceof ObjectNode) {
      const state = lockStateOf(node, this.#options.context.keys);
      return objectItem(node, state, await this.#keyName(state));
    }
    if (node instanceof PrefixNode) return prefixItem(node, this.#levels.filterOf(node.address));
    if (node instanceof LoadMoreNode) {
      const level = this.#levels.loaded(node.parent.address);
      const shown = (level?.objects.length ?? 0) + (level?.prefixes.length ?? 0);
      return loadMoreItem(node, shown);
    }
    if (node instanceof ErrorNode) return errorItem(node);
    if (node instanceof ProblemNode) return problemItem(node);
    const connection = this.#options.connections.get(node.connection);
    return connection === undefined
      ? new vscode.TreeItem(node.connection)
      : connectionItem(node, connection);
  }

  /** Fills in an object's tooltip when the mouse gets to it: one HEAD, if the first key fits. */
  async resolveTreeItem(
    item: vscode.TreeItem,
    node: TreeNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (!(node instanceof ObjectNode)) return item;
    this.#drawLooked(node);
    const { keys } = this.#options.context;
    const before = lockStateOf(node, keys);
    let failure: unknown;
    try {
      await withSignal(token, (signal) => this.#inspector.inspect(node, signal));
    } catch (error) {
      failure = error;
    }
    const state = lockStateOf(node, keys);
    if (!isDeepStrictEqual(before, state)) this.#looked.add(node);
    item.tooltip = objectTooltip(node, state, await this.#keyName(state), failure);
    return item;
  }

  /** Lists a node anew, and what is expanded below it; what failed is tried again. */
  async refresh(node?: TreeNode): Promise<void> {
    if (node instanceof ErrorNode && node.parent instanceof PrefixNode) {
      const { parent } = node;
      if (this.#levels.loaded(parent.address)?.isBegun === true) {
        await this.loadMore(parent);
        return;
      }
    }
    const target = containerOf(node);
    if (target instanceof PrefixNode) this.#levels.drop(target.address);
    for (const { name } of target === undefined ? this.#options.connections.list() : []) {
      this.#dropConnection(name);
    }
    if (target instanceof ConnectionNode) this.#dropConnection(target.connection);
    this.#emitter.fire(target === undefined ? undefined : [target]);
  }

  /** Lists the next page of a prefix. */
  async loadMore(node: PrefixNode): Promise<void> {
    const location = { viewId: viewIds.objects };
    await vscode.window.withProgress({ location }, () => this.#levels.loadMore(node.address));
    this.#emitter.fire([node]);
  }

  filterOf(address: PrefixAddress): string {
    return this.#levels.filterOf(address);
  }

  /** Shows only what starts with a text below a prefix; the server filters. Empty shows all. */
  setFilter(address: PrefixAddress, filter: string): void {
    this.#levels.setFilter(address, filter);
    this.#emitter.fire([this.#nodes.prefix(address)]);
  }

  nodeOf(address: PrefixAddress): PrefixNode {
    return this.#nodes.prefix(address);
  }

  connectionNode(name: string): ConnectionNode {
    return this.#nodes.connection(name);
  }

  /** Selects an object if it is shown already. */
  async reveal(address: ObjectAddress): Promise<void> {
    const node = this.#nodes.findObject(address);
    const isShown =
      node !== undefined && this.#levels.loaded(node.parent.address)?.has(address.key) === true;
    if (isShown && this.#view.visible) await this.#view.reveal(node, { focus: false });
  }

  /** Shows and expands a bucket or prefix, and what it stands in. */
  async revealPrefix(address: PrefixAddress): Promise<void> {
    await this.#view.reveal(this.#nodes.prefix(address), { focus: true, expand: true });
  }

  /** What is selected in the view. */
  get selection(): readonly TreeNode[] {
    return this.#view.selection;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#emitter.dispose();
  }

  #roots(): TreeNode[] {
    const { connections } = this.#options;
    this.#shown = this.#connectionStates();
    return [
      ...connections.list().map(({ name }) => this.#nodes.connection(name)),
      ...connections.problems().map((problem) => new ProblemNode(problem)),
    ];
  }

  async #bucketsOf(node: ConnectionNode): Promise<TreeNode[]> {
    const { connection } = node;
    let listing = this.#buckets.get(connection);
    if (listing === undefined) {
      listing = this.#listBuckets(node);
      this.#buckets.set(connection, listing);
    }
    const buckets = await listing;
    if (buckets instanceof ErrorNode) {
      this.#buckets.delete(connection);
      return [buckets];
    }
    return buckets.map(({ name: bucket }) =>
      this.#nodes.prefix({ connection, bucket, prefix: '' }, node),
    );
  }

  async #listBuckets(node: ConnectionNode): Promise<readonly ListedBucket[] | ErrorNode> {
    try {
      const store = await this.#options.context.stores.get(node.connection);
      return await store.listBuckets();
    } catch (error) {
      return new ErrorNode(node, error);
    }
  }

  async #entriesOf(node: PrefixNode): Promise<TreeNode[]> {
    const { connection, bucket } = node.address;
    const level = await this.#levels.load(node.address);
    const nodes: TreeNode[] = [
      ...level.prefixes.map((prefix) => this.#nodes.prefix({ connection, bucket, prefix }, node)),
      ...level.objects.map((listed) =>
        this.#nodes.object({ connection, bucket, key: listed.key }, node, listed),
      ),
    ];
    if (level.failure !== undefined) nodes.push(new ErrorNode(node, level.failure));
    else if (level.nextToken !== undefined) nodes.push(new LoadMoreNode(node));
    return nodes;
  }

  async #keyName(state: ReturnType<typeof lockStateOf>): Promise<string | undefined> {
    if (state.type !== 'opened') return undefined;
    return (await this.#options.ring.find(state.fingerprint))?.name;
  }

  /**
   * Shows the locks that were learnt from tooltips. Not at once: a row that is drawn anew loses the
   * tooltip that the person is reading.
   *
   * @param read the object whose tooltip is being read
   */
  #drawLooked(read?: ObjectNode): void {
    const nodes = [...this.#looked].filter((node) => node !== read);
    for (const node of nodes) this.#looked.delete(node);
    if (nodes.length > 0) this.#emitter.fire(nodes);
  }

  /** What this window did, in as few refreshes and requests as suffice. */
  #follow(changes: readonly ObjectChange[]): void {
    const touched = new Set<TreeNode>();
    for (const change of changes) {
      const { levels, objects } = this.#levels.apply(change);
      for (const address of levels) touched.add(this.#nodes.prefix(address));
      for (const address of objects) {
        const node = this.#nodes.findObject(address);
        if (node === undefined) continue;
        node.listed = this.#levels.loaded(node.parent.address)?.object(address.key) ?? node.listed;
        if (change.type === 'keyMissing') {
          node.refusal = {
            etag: node.listed.etag,
            known: this.#options.context.keys.known(address),
          };
        }
        touched.add(node);
      }
    }
    if (touched.size > 0) this.#emitter.fire([...touched]);
  }

  #followConnections(): void {
    const states = this.#connectionStates();
    for (const [name, state] of this.#shown)
      if (states.get(name) !== state) this.#dropConnection(name);
    // Credentials are no part of that: what failed without them may succeed now.
    this.#levels.dropFailures();
    this.#emitter.fire(undefined);
  }

  #connectionStates(): Map<string, string> {
    return new Map(
      this.#options.connections.list().map((each) => [each.name, JSON.stringify(each)]),
    );
  }

  #dropConnection(name: string): void {
    this.#buckets.delete(name);
    this.#levels.dropConnection(name);
  }
}

/** The node whose children are to be listed again. */
function containerOf(node: TreeNode | undefined): ConnectionNode | PrefixNode | undefined {
  if (node === undefined || node instanceof ProblemNode) return undefined;
  if (node instanceof ConnectionNode || node instanceof PrefixNode) return node;
  return node.parent;
}

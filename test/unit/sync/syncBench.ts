import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TransferContext } from '../../../src/transfer/transferContext.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { isRunnable } from '../../../src/transfer/sync/planItem.ts';
import type { SyncPair } from '../../../src/transfer/sync/syncPair.ts';
import type { SyncPlan } from '../../../src/transfer/sync/syncPlan.ts';
import type { SyncReport, SyncRunOptions } from '../../../src/transfer/sync/syncReport.ts';
import {
  openSync,
  type SyncPlace,
  type SyncPlanOptions,
  type SyncSession,
} from '../../../src/transfer/sync/syncSession.ts';

/** A local folder of a test's own, with what a session keeps beside it. */
export class SyncBench {
  readonly root: string;
  readonly folder: string;
  readonly #open: SyncSession[] = [];

  private constructor(root: string) {
    this.root = root;
    this.folder = join(root, 'folder');
  }

  static async create(): Promise<SyncBench> {
    const bench = new SyncBench(await realpath(await mkdtemp(join(tmpdir(), 'ssec-sync-'))));
    await mkdir(bench.folder);
    return bench;
  }

  async dispose(): Promise<void> {
    for (const session of this.#open.splice(0)) await session.close().catch(() => undefined);
    await rm(this.root, { recursive: true, force: true });
  }

  place(more: Partial<SyncPlace> = {}): SyncPlace {
    return { stateFile: join(this.root, 'state', 'pair.json'), limits: createLimits(16), ...more };
  }

  path(path: string): string {
    return join(this.folder, ...path.split('/'));
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), content);
  }

  remove(path: string): Promise<void> {
    return rm(this.path(path), { recursive: true });
  }

  /** The files and what is in them. */
  async files(): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const local = join(entry.parentPath, entry.name);
      const path = local.slice(this.folder.length + 1);
      files[path] = (await readFile(local)).toString('latin1');
    }
    return Object.fromEntries(Object.entries(files).sort());
  }

  async open(
    context: TransferContext,
    pair: SyncPair,
    more?: Partial<SyncPlace>,
  ): Promise<SyncSession> {
    const session = await openSync(context, pair, this.place(more));
    this.#open.push(session);
    return session;
  }

  /** One plan and one run of it, in a session of its own. */
  async sync(
    context: TransferContext,
    pair: SyncPair,
    options: SyncPlanOptions & SyncRunOptions & { readonly place?: Partial<SyncPlace> } = {},
  ): Promise<{ readonly plan: SyncPlan; readonly report: SyncReport }> {
    const session = await openSync(context, pair, this.place(options.place));
    try {
      const { acceptVanished, leaveOut, resolutions } = options;
      const plan = await session.plan({ acceptVanished });
      return { plan, report: await session.run(plan, { leaveOut, resolutions }) };
    } finally {
      await session.close();
    }
  }
}

/** `action reason path` of what a plan would do, and of what is in its way. */
export function told(plan: SyncPlan): string[] {
  return plan.items.map(({ action, reason, path }) => `${action} ${reason} ${path}`);
}

export function runnable(plan: SyncPlan): string[] {
  return plan.items.filter(isRunnable).map(({ action, path }) => `${action} ${path}`);
}

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRunFolder, destroyRunFolder } from '../../servers/runFolder.ts';
import type { Leg } from '../../workbench/install.ts';
import { attributes } from '../../workbench/page/attributes.ts';
import type { Tree } from '../../workbench/page/tree.ts';
import type { WorkbenchPage } from '../../workbench/page/workbenchPage.ts';
import { startSession, type Session } from '../../workbench/session.ts';
import { equip } from './equipment.ts';
import { assertHidden } from './secrets.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const artifacts = join(root, 'out/e2e');

/** How a window is to be started. */
export interface WindowOptions {
  readonly leg: Leg;
  /** The folder in out/e2e for its pictures. */
  readonly pictures: string;
  /** Whether a `.code-workspace` is open instead of a folder. */
  readonly isMultiRoot?: boolean | undefined;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Commands with their arguments that `pressPrepared` runs, one after the other. */
  readonly prepared?: readonly { readonly command: string; readonly args: unknown }[];
}

const preparedKey = { inSettings: 'ctrl+alt+f9', pressed: 'Control+Alt+F9' };

/** VS Code with the packaged extension, used as by a person, and photographed. */
export class VSCodeWindow {
  readonly workbench: WorkbenchPage;
  readonly objects: Tree;
  readonly customerKeys: Tree;
  readonly transfers: Tree;
  /** Texts that must never be seen. */
  readonly secrets: string[] = [];
  readonly #session: Session;
  readonly #folder: string;
  readonly #pictures: string;
  #pictureCount = 0;

  private constructor(session: Session, folder: string, pictures: string) {
    this.#session = session;
    this.#folder = folder;
    this.#pictures = pictures;
    this.workbench = session.workbench;
    this.objects = this.workbench.tree('SSE-C Explorer', 'Objects');
    this.customerKeys = this.workbench.tree('SSE-C Explorer', 'Customer Keys');
    this.transfers = this.workbench.tree('SSE-C Explorer', 'Transfers');
  }

  static async start(options: WindowOptions): Promise<VSCodeWindow> {
    const { leg, settings = {}, prepared = [] } = options;
    const pictures = join(artifacts, leg, options.pictures);
    rmSync(pictures, { recursive: true, force: true });
    const folder = createRunFolder('e2e');
    const userDataFolder = join(folder, 'user-data');
    try {
      writeKeybindings(userDataFolder, prepared);
      const workspace = join(
        folder,
        options.isMultiRoot === true ? 'my.code-workspace' : 'project',
      );
      mkdirSync(join(folder, 'project'));
      if (options.isMultiRoot === true)
        writeFileSync(workspace, '{"folders":[{"path":"project"}]}');
      const session = await startSession({
        ...{ ...(await equip(leg)), settings, userDataFolder, workspace },
      });
      return new VSCodeWindow(session, folder, pictures);
    } catch (error) {
      await destroyRunFolder(folder);
      throw error;
    }
  }

  /** The folder that is open. */
  get workspace(): string {
    return this.#session.workspace;
  }

  /** Runs the prepared commands, by their key. */
  async pressPrepared(): Promise<void> {
    await this.workbench.page.keyboard.press(preparedKey.pressed);
  }

  /**
   * Keeps a picture of a step.
   *
   * @returns its file
   * @throws AssertionError if a secret could be seen in it
   */
  async picture(step: string): Promise<string> {
    await assertHidden(this.workbench.page, this.secrets);
    this.#pictureCount += 1;
    const number = String(this.#pictureCount).padStart(2, '0');
    const file = join(this.#pictures, `${number} ${step}.png`);
    await this.workbench.screenshot(file);
    return file;
  }

  /** Keeps what helps to find out why a test failed. */
  async pictureFailure(test: string): Promise<void> {
    const name = `failed ${test.replaceAll(/[^\w -]/g, '')}`;
    await this.workbench.screenshot(join(this.#pictures, `${name}.png`));
    const logs = join(this.#folder, 'user-data/logs');
    const told = readdirSync(logs, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(remoteexthost|SSE-C Explorer)\.log$/.test(file))
      .map((file) => `== ${file}\n${readFileSync(join(logs, file), 'utf8')}`);
    const text = [this.#session.server.log(), ...told].join('\n');
    writeFileSync(join(this.#pictures, `${name}.log`), text);
    // Where only what was printed is kept.
    const seen = {
      rows: await attributes(this.workbench.page.getByRole('treeitem'), 'aria-label'),
      notifications: await this.workbench.notifications.texts(),
      log: told.join('\n').split('\n').slice(-20),
    };
    console.error(`Seen when it failed: ${JSON.stringify(seen, undefined, 2)}`);
  }

  async stop(): Promise<void> {
    await this.#session.stop();
    await destroyRunFolder(this.#folder);
  }
}

function writeKeybindings(
  userDataFolder: string,
  prepared: NonNullable<WindowOptions['prepared']>,
): void {
  const folder = join(userDataFolder, 'User');
  mkdirSync(folder, { recursive: true });
  const binding = {
    key: preparedKey.inSettings,
    command: 'runCommands',
    args: { commands: prepared },
  };
  const bindings = prepared.length === 0 ? [] : [binding];
  writeFileSync(join(folder, 'keybindings.json'), JSON.stringify(bindings));
}

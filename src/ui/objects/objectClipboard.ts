import * as vscode from 'vscode';
import { fileUri } from '../files/fileUris.ts';
import { contextKeys } from '../ids.ts';
import type { Place } from './objectArguments.ts';
import type { Verb } from './transferObject.ts';

/** What was cut or copied in the view "Objects". */
export interface Clipping {
  readonly verb: Verb;
  readonly places: readonly Place[];
}

/** What "Paste" is going to move or copy; what is cut is shown faintly until then. */
export class ObjectClipboard implements vscode.FileDecorationProvider, vscode.Disposable {
  #clipping: Clipping | undefined;
  #cut = new Map<string, vscode.Uri>();
  readonly #emitter = new vscode.EventEmitter<vscode.Uri[]>();
  readonly #registration: vscode.Disposable;

  readonly onDidChangeFileDecorations = this.#emitter.event;

  constructor() {
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  get clipping(): Clipping | undefined {
    return this.#clipping;
  }

  set clipping(clipping: Clipping | undefined) {
    const before = this.#cut;
    this.#clipping = clipping;
    const places = clipping?.verb === 'move' ? clipping.places : [];
    const uris = places.map(({ address }) => fileUri(address));
    this.#cut = new Map(uris.map((uri) => [uri.toString(), uri]));
    void vscode.commands.executeCommand('setContext', contextKeys.canPaste, clipping !== undefined);
    this.#emitter.fire([...before.values(), ...this.#cut.values()]);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (!this.#cut.has(uri.toString())) return undefined;
    return new vscode.FileDecoration(
      undefined,
      vscode.l10n.t('Cut'),
      new vscode.ThemeColor('disabledForeground'),
    );
  }

  dispose(): void {
    this.#registration.dispose();
    this.#emitter.dispose();
  }
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { connectionsSetting } from '../../../src/core/connectionConfig.ts';
import { keyRulesSetting } from '../../../src/keys/keyRules.ts';
import { uploadRulesSetting } from '../../../src/keys/uploadRules.ts';
import {
  commandIds,
  contextKeys,
  scheme,
  settingIds,
  treeItemContexts,
  viewContainerId,
  viewIds,
} from '../../../src/ui/ids.ts';

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly submenus?: readonly { readonly id: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const root = join(import.meta.dirname, '../../..');
const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const nls = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<
  string,
  string
>;
const { contributes } = manifest;
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'src', name), 'utf8') }));

function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort();
}

describe('manifest', () => {
  it('declares exactly the commands of the code', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(sorted(declared), sorted(Object.values(commandIds)));
  });

  it('has one category, and titles from package.nls.json', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, 'SSE-C', command);
      assert.equal(title, `%command.${command.replace(/^ssec\./, '')}%`);
    }
  });

  it('declares exactly the views and the container of the code', () => {
    assert.deepEqual(
      Object.values(contributes.viewsContainers).flatMap((all) => all.map(({ id }) => id)),
      [viewContainerId],
    );
    assert.deepEqual(Object.keys(contributes.views), [viewContainerId]);
    const declared = Object.values(contributes.views).flatMap((all) => all.map(({ id }) => id));
    assert.deepEqual(sorted(declared), sorted(Object.values(viewIds)));
    for (const { view } of contributes.viewsWelcome) assert.ok(declared.includes(view), view);
  });

  it('declares exactly the settings of the code', () => {
    assert.deepEqual(
      sorted(Object.keys(contributes.configuration.properties)),
      sorted(Object.values(settingIds)),
    );
    assert.equal(connectionsSetting, settingIds.connections);
    assert.equal(keyRulesSetting, settingIds.keyRules);
    assert.equal(uploadRulesSetting, settingIds.uploadRules);
  });

  it('restricts every setting that says where a key or a credential is sent', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const { connections, keyRules, uploadRules, defaultCustomerKey, sync } = settingIds;
    for (const id of [connections, keyRules, uploadRules, defaultCustomerKey, sync]) {
      assert.ok(restrictedConfigurations.includes(id), id);
    }
    for (const id of restrictedConfigurations) {
      assert.ok((Object.values(settingIds) as string[]).includes(id), id);
    }
  });

  it('is activated by its scheme, so that restored tabs work', () => {
    assert.ok(manifest.activationEvents.includes(`onFileSystem:${scheme}`));
  });

  it('has menus of known commands, views and tree items', () => {
    const commands: readonly string[] = Object.values(commandIds);
    const submenus = (contributes.submenus ?? []).map(({ id }) => id);
    const contexts: readonly string[] = Object.values(treeItemContexts);
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command, submenu, when = '' } of items) {
        if (command !== undefined) assert.ok(commands.includes(command), `${menu}: ${command}`);
        else assert.ok(submenus.includes(submenu ?? ''), `${menu}: ${submenu ?? ''}`);
        for (const [, view] of when.matchAll(/\bview == ([\w.]+)/g)) {
          assert.ok((Object.values(viewIds) as string[]).includes(view ?? ''), when);
        }
        const patterns = /viewItem (?:== |=~ \/\^\(*)([\w|]+)/g;
        for (const [, pattern = ''] of when.matchAll(patterns)) {
          for (const context of pattern.split('|')) {
            assert.ok(contexts.includes(context), `${when}: ${context}`);
          }
        }
      }
    }
  });
});

describe('key bindings', () => {
  it('are of known commands, and of keys that are pressed in a view', () => {
    const commands: readonly string[] = Object.values(commandIds);
    for (const { command, when } of contributes.keybindings) {
      assert.ok(commands.includes(command), command);
      const [, view = ''] = /\bfocusedView == ([\w.]+)/.exec(when) ?? [];
      assert.ok((Object.values(viewIds) as string[]).includes(view), when);
      assert.match(when, /!inputFocus/);
    }
  });

  it('and menus read no context key that the code does not set', () => {
    const keys = [...manifestText.matchAll(/\bssec:(\w+)/g)].map(([key]) => key);
    for (const key of keys) {
      assert.ok((Object.values(contextKeys) as string[]).includes(key), key);
    }
  });
});

describe('package.nls.json', () => {
  it('has every text that the manifest names, and no other', () => {
    const used = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, name]) => name ?? ''));
    assert.deepEqual(sorted(used), sorted(Object.keys(nls)));
  });

  it('names only known commands and settings', () => {
    for (const text of Object.values(nls)) {
      for (const [, id = ''] of text.matchAll(/\(command:([\w.]+)/g)) {
        if (id.startsWith('workbench.')) continue;
        const focusView = Object.values(viewIds).map((view) => `${view}.focus`);
        assert.ok([...Object.values(commandIds), ...focusView].includes(id), id);
      }
      for (const [, id = ''] of text.matchAll(/`#(ssec\.[\w.]+)#`/g)) {
        assert.ok((Object.values(settingIds) as string[]).includes(id), id);
      }
    }
  });
});

describe('ids', () => {
  it('are used: every command is defined by exactly one file', () => {
    for (const name of Object.keys(commandIds)) {
      const definition = new RegExp(`\\bid: commandIds\\.${name}\\b`);
      const files = sources.filter(({ text }) => definition.test(text)).map((file) => file.name);
      assert.equal(files.length, 1, `${name}: ${files.join(', ')}`);
    }
  });

  it('are written once: no other file of src has a literal of one', () => {
    const ids: readonly string[] = [
      ...Object.values(commandIds),
      ...Object.values(settingIds),
      ...Object.values(viewIds),
    ];
    // The layers below src/ui cannot import the ids; the constants are compared above.
    const allowed = [join('ui', 'ids.ts'), join('core', 'connectionConfig.ts')];
    allowed.push(join('keys', 'keyRules.ts'), join('keys', 'uploadRules.ts'));
    for (const { name, text } of sources) {
      if (allowed.includes(name)) continue;
      for (const id of ids) assert.ok(!text.includes(`'${id}'`), `${name}: ${id}`);
    }
  });
});

describe('docs/commands.md', () => {
  it('has a heading for every command, and for no other', () => {
    const text = readFileSync(join(root, 'docs/commands.md'), 'utf8');
    const headings = [...text.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) =>
      [...heading.matchAll(/`([\w.]+)`/g)].map(([, id]) => id ?? ''),
    );
    assert.deepEqual(sorted(headings), sorted(Object.values(commandIds)));
  });
});

describe('vscode.l10n', () => {
  it('is given literals, and every text that people see', function () {
    this.timeout(20_000);
    const shown = sources.filter(({ name }) => name.startsWith('ui'));
    assert.deepEqual(
      shown.flatMap(({ name, text }) => untranslated(name, text)),
      [],
    );
  });
});

/** Properties whose value is shown to people. */
const shownProperties = ['title', 'prompt', 'placeHolder', 'placeholder', 'label', 'detail'];
shownProperties.push('description', 'tooltip', 'openLabel', 'saveLabel', 'message');

/** Places where a text is shown that is no literal given to `l10n.t`. */
function untranslated(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${name}:${line + 1}: ${node.getText()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const [first] = node.arguments;
      const isTranslation = /(^|\.)l10n\.t$|^t$/.test(callee);
      if (isTranslation && first !== undefined && !ts.isStringLiteralLike(first)) report(node);
      if (/\.show(Information|Warning|Error)Message$/.test(callee)) {
        for (const argument of node.arguments) if (isSentence(argument)) report(argument);
      }
    }
    if (ts.isPropertyAssignment(node) && shownProperties.includes(node.name.getText())) {
      if (isSentence(node.initializer)) report(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether it is a literal with words in it; names such as `https://…` are the same everywhere. */
function isSentence(node: ts.Expression): boolean {
  const texts = ts.isStringLiteralLike(node)
    ? [node.text]
    : ts.isTemplateExpression(node)
      ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
      : [];
  return texts.some((text) => /[a-z]{2,} [a-z]{2,}/.test(text));
}

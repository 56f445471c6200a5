import assert from 'node:assert/strict';
import { workspaceIdOf } from '../../../src/ui/workspaceIdOf.ts';

class At {
  readonly scheme: string;
  readonly path: string;

  constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

describe('workspaceIdOf', () => {
  const folder = new At('file', '/home/me/project');
  const saved = new At('file', '/home/me/my.code-workspace');

  it('tells folders and workspace files apart', () => {
    const ids = [workspaceIdOf(undefined, folder), workspaceIdOf(saved, folder)];
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.match(id ?? '', /^[0-9a-f]{32}$/);
    assert.equal(workspaceIdOf(saved, new At('file', '/elsewhere')), ids[1]);
  });

  it('stays that of the first folder when a second one makes the workspace an untitled one', () => {
    const untitled = [
      new At('untitled', '/1765000000000'),
      new At('vscode-remote', '/data/User/Workspaces/Untitled-1795347165068.code-workspace'),
    ];
    for (const file of untitled) {
      assert.equal(workspaceIdOf(file, folder), workspaceIdOf(undefined, folder));
    }
  });

  it('names no empty window', () => {
    assert.equal(workspaceIdOf(undefined, undefined), undefined);
    assert.equal(workspaceIdOf(new At('untitled', '/1'), undefined), undefined);
  });
});

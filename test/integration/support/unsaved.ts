import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import type { Site } from './site.ts';

/** What one start of VS Code tells the next one. */
export interface KeptSite {
  readonly connection: string;
  readonly bucket: string;
  readonly customerKey: CustomerKey;
}

export function keepSite({ connection, bucket, customerKey }: Site): void {
  const key = Buffer.from(customerKey.reveal()).toString('base64');
  writeFileSync(file(), JSON.stringify({ connection, bucket, key }));
}

export function keptSite(): KeptSite {
  // Written by keepSite, a moment ago.
  const { key, ...rest } = JSON.parse(readFileSync(file(), 'utf8')) as Omit<
    KeptSite,
    'customerKey'
  > & { readonly key: string };
  return { ...rest, customerKey: new CustomerKey(Buffer.from(key, 'base64')) };
}

function file(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return join(folder?.uri.fsPath ?? '', 'unsaved.json');
}

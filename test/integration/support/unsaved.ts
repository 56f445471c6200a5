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

/** @param name of what is kept */
export function keepSite({ connection, bucket, customerKey }: Site, name = 'unsaved'): void {
  const key = Buffer.from(customerKey.reveal()).toString('base64');
  writeFileSync(file(name), JSON.stringify({ connection, bucket, key }));
}

export function keptSite(name = 'unsaved'): KeptSite {
  // Written by keepSite, a moment ago.
  const { key, ...rest } = JSON.parse(readFileSync(file(name), 'utf8')) as Omit<
    KeptSite,
    'customerKey'
  > & { readonly key: string };
  return { ...rest, customerKey: new CustomerKey(Buffer.from(key, 'base64')) };
}

function file(name: string): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return join(folder?.uri.fsPath ?? '', `${name}.json`);
}

import * as vscode from 'vscode';
import { settingIds } from '../ids.ts';

/** From where on opening an object asks first, in MiB. */
export function largeObjectSize(): number {
  const value: unknown = vscode.workspace.getConfiguration().get(settingIds.largeObjectSize);
  return typeof value === 'number' && value >= 0 ? value : 20;
}

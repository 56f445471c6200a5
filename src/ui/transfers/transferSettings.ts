import type * as vscode from 'vscode';
import { settingIds } from '../ids.ts';
import { parseBandwidth } from './bandwidthSetting.ts';

/** Bodies on their way at a time. */
const defaultConcurrency = 8;
const largestConcurrency = 64;

export function concurrencyIn(configuration: vscode.WorkspaceConfiguration): number {
  const value: unknown = configuration.get(settingIds.transferConcurrency);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) return defaultConcurrency;
  return Math.min(value, largestConcurrency);
}

/** Whether downloaded files get the mode that s3cmd noted. */
export function restoresMode(configuration: vscode.WorkspaceConfiguration): boolean {
  return configuration.get(settingIds.transferRestoreMode) === true;
}

/** Bytes per second; undefined for no bound, `invalid` for what is no bandwidth. */
export function bandwidthIn(
  configuration: vscode.WorkspaceConfiguration,
): number | 'invalid' | undefined {
  const bytes = parseBandwidth(configuration.get(settingIds.transferBandwidth));
  return bytes === 0 ? undefined : (bytes ?? 'invalid');
}

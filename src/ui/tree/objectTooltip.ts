import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import type { ObjectInfo, ObjectProperties } from '../../core/objectStore.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { LockState } from './lockState.ts';
import type { ObjectNode } from './nodes.ts';
import { sizeText } from './sizeText.ts';

/** Headers as HTTP names them; they are not translated. */
const headers: readonly [name: string, property: keyof ObjectProperties][] = [
  ['Content-Type', 'contentType'],
  ['Cache-Control', 'cacheControl'],
  ['Content-Disposition', 'contentDisposition'],
  ['Content-Encoding', 'contentEncoding'],
  ['Content-Language', 'contentLanguage'],
  ['Expires', 'expires'],
  ['Website-Redirect-Location', 'websiteRedirectLocation'],
];

/** Everything known of an object, a fact a line; plain text, because all of it comes from others. */
export function objectTooltip(
  node: ObjectNode,
  state: LockState,
  keyName: string | undefined,
  failure?: unknown,
): string {
  const { address, listed, info } = node;
  const bytes = listed.size.toLocaleString(vscode.env.language);
  const current = info?.etag === listed.etag ? info : undefined;
  return [
    visibleText(formatAddress(address)),
    listed.size < 1024
      ? vscode.l10n.t('Size: {0} bytes', bytes)
      : vscode.l10n.t('Size: {0} ({1} bytes)', sizeText(listed.size), bytes),
    vscode.l10n.t('Modified: {0}', listed.lastModified.toLocaleString(vscode.env.language)),
    vscode.l10n.t('Encryption: {0}', describeEncryption(state, keyName, current)),
    `ETag: ${listed.etag}`,
    ...(current === undefined ? storageClassOf(listed.storageClass) : factsOf(current)),
    ...(failure === undefined ? [] : [messageOf(failure)]),
  ].join('\n');
}

function describeEncryption(
  state: LockState,
  keyName: string | undefined,
  info: ObjectInfo | undefined,
): string {
  switch (state.type) {
    case 'opened':
      return keyName === undefined
        ? vscode.l10n.t('customer key {0}, which is in no key ring', state.fingerprint)
        : vscode.l10n.t('customer key {0} ({1})', keyName, state.fingerprint);
    case 'locked':
      return vscode.l10n.t('a customer key that is not known here');
    case 'plain':
      return info?.encryption.type === 'server'
        ? vscode.l10n.t('by the server ({0}), no customer key', info.encryption.algorithm)
        : vscode.l10n.t('no customer key');
    case 'notLookedAt':
      return vscode.l10n.t('not looked at yet');
  }
}

function factsOf({ properties, versionId, tagCount }: ObjectInfo): string[] {
  const metadata = Object.entries(properties.metadata ?? {});
  return [
    ...headers.flatMap(([name, property]) => {
      const value = properties[property];
      return typeof value === 'string' ? [`${name}: ${visibleText(value)}`] : [];
    }),
    ...storageClassOf(properties.storageClass),
    ...(versionId === undefined ? [] : [vscode.l10n.t('Version: {0}', versionId)]),
    ...(tagCount === undefined || tagCount === 0 ? [] : [vscode.l10n.t('Tags: {0}', tagCount)]),
    ...metadata.map(([name, value]) => `x-amz-meta-${name}: ${visibleText(value)}`),
  ];
}

function storageClassOf(name: string | undefined): string[] {
  return name === undefined ? [] : [vscode.l10n.t('Storage class: {0}', name)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

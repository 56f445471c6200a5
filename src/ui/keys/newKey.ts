import * as vscode from 'vscode';
import {
  CustomerKeyFormatError,
  type CustomerKeyFormat,
  type CustomerKeyReading,
  possibleReadings,
  readCustomerKey,
} from '../../core/customerKeyFormat.ts';
import { CustomerKey, type Fingerprint } from '../../core/customerKey.ts';
import type { KeyScope } from '../../keys/keyRecord.ts';

/** How a person or an argument says where a customer key comes from. */
export type KeySource = 'typed' | 'file' | 'generate';

/** A customer key that is being added. */
export interface NewKeyDraft {
  source?: KeySource | undefined;
  /** Every way to read what was typed or is in the file. */
  readings?: readonly CustomerKeyReading[] | undefined;
  key?: CustomerKey | undefined;
  /** How the key was read; undefined if it was generated. */
  format?: CustomerKeyFormat | undefined;
  name?: string | undefined;
  scope: KeyScope;
  hosts?: readonly string[] | undefined;
  buckets?: readonly string[] | undefined;
  /** Whether the person wants to name a host that no connection has. */
  otherHost?: boolean | undefined;
}

/** The formats that an argument can ask for, and what they cover. */
const readingsOf: Record<'text' | 'base64' | 'hex', readonly CustomerKeyFormat[]> = {
  text: ['text'],
  base64: ['base64', 'base64 without padding', 'base64url'],
  hex: ['hex'],
};

/** Reads a text in one format only. @throws CustomerKeyFormatError */
export function readInFormat(text: string, format: keyof typeof readingsOf): CustomerKeyReading {
  const readings = possibleReadings(text);
  const reading = readings.find((each) => readingsOf[format].includes(each.format));
  if (reading !== undefined) return reading;
  // Its message says what the text looks like.
  if (readings.length === 0) readCustomerKey(text);
  throw new CustomerKeyFormatError(
    vscode.l10n.t(
      'This customer key reads as {0}, not as {1}.',
      readings.map((each) => each.format).join(', '),
      format,
    ),
  );
}

/** A file with a customer key is small; more is not even read. */
const largestFile = 64 * 1024;

/** The ways to read a file as a customer key, at least one. @throws CustomerKeyFormatError */
export async function readKeyFile(
  uri: vscode.Uri,
): Promise<readonly [CustomerKeyReading, ...CustomerKeyReading[]]> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > largestFile) {
    throw new CustomerKeyFormatError(
      vscode.l10n.t('This file has {0} bytes; a customer key has 32.', size),
    );
  }
  const bytes = await vscode.workspace.fs.readFile(uri);
  const [likeliest, ...others] = possibleReadings(bytes);
  return [likeliest ?? readCustomerKey(bytes), ...others];
}

/** Takes a reading (or, without one, a new random key) into the draft. */
export function takeReading(draft: NewKeyDraft, reading: CustomerKeyReading | undefined): void {
  draft.key = reading === undefined ? CustomerKey.generate() : reading.key;
  draft.format = reading?.format;
}

/**
 * Takes the ways to read an input into the draft: the likeliest, or the one that is expected.
 *
 * @throws CustomerKeyFormatError if none is the expected one
 */
export function takeReadings(
  draft: NewKeyDraft,
  readings: readonly CustomerKeyReading[],
  expected: Fingerprint | undefined,
): void {
  requireExpected(readings, expected);
  const fitting = readings.filter(
    ({ key }) => expected === undefined || key.fingerprint === expected,
  );
  draft.readings = fitting;
  takeReading(draft, fitting[0]);
}

/** @throws CustomerKeyFormatError if no reading has the fingerprint that is expected */
export function requireExpected(
  readings: readonly CustomerKeyReading[],
  expected: Fingerprint | undefined,
): void {
  if (expected === undefined) return;
  if (readings.some(({ key }) => key.fingerprint === expected)) return;
  throw new CustomerKeyFormatError(
    vscode.l10n.t(
      'This is another customer key: its fingerprint is {0}, not {1}.',
      readings.map(({ key }) => key.fingerprint).join(' / '),
      expected,
    ),
  );
}

/** The format for people. */
export function describeFormat(format: CustomerKeyFormat | undefined): string {
  switch (format) {
    case 'text':
      return vscode.l10n.t('text of 32 bytes');
    case 'base64':
      return vscode.l10n.t('base64');
    case 'base64 without padding':
      return vscode.l10n.t('base64 without padding');
    case 'base64url':
      return vscode.l10n.t('base64url');
    case 'hex':
      return vscode.l10n.t('hex');
    case 'raw':
      return vscode.l10n.t('32 raw bytes');
    case undefined:
      return vscode.l10n.t('generated');
  }
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';

/** The base64 MD5 of a customer key, by which S3 names it. */
export function fingerprintOf(customerKey: Uint8Array): string {
  return createHash('md5').update(customerKey).digest('base64');
}

/** All forms that a customer key can be typed and shown in. */
export function formsOf(customerKey: Uint8Array): readonly string[] {
  const bytes = Buffer.from(customerKey);
  const base64 = bytes.toString('base64');
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes);
  return [
    ...[base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')],
    ...(isText ? [text] : []),
  ];
}

/** As text: the page's own globals are not those of the tests. */
const everythingReadable = `(() => {
  const inputs = [...document.querySelectorAll('input, textarea')];
  const typed = inputs.filter((input) => input.type !== 'password').map((input) => input.value);
  const told = [...document.querySelectorAll('[aria-label], [title]')].map(
    (element) => (element.getAttribute('aria-label') ?? '') + ' ' + element.title,
  );
  return [document.body.innerText, ...typed, ...told].join('\\n');
})()`;

/** Fails if one of the secrets can be read (or heard) on the page. */
export async function assertHidden(page: Page, secrets: readonly string[]): Promise<void> {
  const readable = String(await page.evaluate(everythingReadable)).replaceAll('\u{a0}', ' ');
  for (const [index, secret] of secrets.entries()) {
    assert.ok(!readable.includes(secret), `secret ${String(index)} can be read on the page`);
  }
}

import type { Locator } from 'playwright-core';

/** The values of an attribute of all elements that a locator finds now, those without it left out. */
export async function attributes(locator: Locator, name: string): Promise<string[]> {
  const all = await locator.all();
  // An element may go meanwhile: without waiting for it to come back.
  const values = await Promise.all(
    all.map((each) => each.getAttribute(name, { timeout: 500 }).catch(() => null)),
  );
  return values.filter((value) => value !== null && value !== '').map(String);
}

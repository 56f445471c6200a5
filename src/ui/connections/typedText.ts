import { readEndpoint } from '../../core/connectionConfig.ts';

/** The endpoint that was typed, as it is kept; undefined if it is none. A bare host gets https. */
export function endpointFrom(typed: string): string | undefined {
  const text = typed.trim().replace(/([^:/])\/+$/, '$1');
  // A scheme that is still being typed is no host.
  if (text === '' || /^https?:\/?$/i.test(text)) return undefined;
  return readEndpoint(text.includes('://') ? text : `https://${text}`);
}

/** What was typed as a list: names between commas or spaces. */
export function bucketsFrom(typed: string): readonly string[] | undefined {
  const names = [...new Set(typed.split(/[\s,;]+/).filter((name) => name !== ''))];
  return names.length === 0 ? undefined : names;
}

/** User metadata as the SDK has it: header texts in which each character is one byte. */
export function decodeMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { ...headers };
}

/** The opposite of {@link decodeMetadata}. */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return { ...metadata };
}

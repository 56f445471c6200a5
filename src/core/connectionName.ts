/**
 * Whether a text can name a connection: a slug of `a-z`, `0-9` and `-`, at most 63 characters,
 * because it is the authority of URIs, which VS Code lower-cases.
 */
export function isConnectionName(text: string): boolean {
  return /^[a-z0-9-]{1,63}$/.test(text);
}

/**
 * A connection name made of any text, for example of an endpoint's host: `s3.example.com:9000` →
 * `s3-example-com-9000`.
 *
 * @param taken names that it must differ from; it gets a number then
 */
export function suggestConnectionName(text: string, taken: readonly string[] = []): string {
  const slug =
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'connection';
  let name = slug;
  for (let number = 2; taken.includes(name); number++) name = `${slug}-${number}`;
  return name;
}

/**
 * The names of those secrets of which a printed text shows a part: as text, in base64, in
 * hexadecimal digits, or as a list of bytes.
 */
export function leaksOf(
  secrets: Readonly<Record<string, Buffer>>,
  printed: string | undefined,
): string[] {
  const text = (printed ?? '').replace(/[\s,]/g, '');
  return Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}

function formsOf(secret: Buffer): string[] {
  const hex = secret.toString('hex');
  return [
    secret.toString('latin1').slice(0, 12),
    secret.toString('base64').slice(0, 16),
    hex.slice(0, 20),
    [...secret].slice(0, 10).join(''),
  ];
}

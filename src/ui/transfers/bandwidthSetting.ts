const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/**
 * Reads bytes per second: a number, or a text such as `10 MiB`, `500 KB/s`, `1.5GiB`.
 *
 * @returns 0 for no bound; undefined for what is no bandwidth
 */
export function parseBandwidth(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return 0;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*?)(?:\/s)?\s*$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? '-'];
  return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit;
}

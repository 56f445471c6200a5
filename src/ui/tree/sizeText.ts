const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size for people, in steps of 1,024 as VS Code shows sizes: `1.2 MB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  // What would be rounded to 1,024 goes into the next unit.
  while (value >= 1023.95 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? ''}`;
}

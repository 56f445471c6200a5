/**
 * A name beside one that is taken: `photo (2).jpg` for `photo.jpg`.
 *
 * @param path an object key or a path with `/`; only its last segment changes
 */
export function keepBothName(path: string, count: number): string {
  const start = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  // The name of `.profile` has no ending.
  const end = dot > start ? dot : path.length;
  return `${path.slice(0, end)} (${count})${path.slice(end)}`;
}

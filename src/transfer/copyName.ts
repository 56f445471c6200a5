/**
 * The name of a copy beside its original, as VS Code's Explorer makes it: `a copy.txt`, then
 * `a copy 2.txt`; of a prefix `a copy/`.
 *
 * @param name the last segment of an object key or prefix
 * @param number 1 for the first copy
 */
export function copyName(name: string, number: number): string {
  const slash = name.endsWith('/') ? '/' : '';
  const bare = slash === '' ? name : name.slice(0, -1);
  const dot = slash === '' ? bare.lastIndexOf('.') : -1;
  const [stem, extension] = dot > 0 ? [bare.slice(0, dot), bare.slice(dot)] : [bare, ''];
  return `${stem} copy${number === 1 ? '' : ` ${number}`}${extension}${slash}`;
}

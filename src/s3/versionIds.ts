/** A version's id; `null` is what objects have that were written while the bucket wasn't versioned. */
export function realVersion(versionId: string | undefined): string | undefined {
  return versionId === 'null' ? undefined : versionId;
}

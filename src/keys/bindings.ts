/** Where a customer key may be sent to: a host, or only some of its buckets. */
export interface Binding {
  /** As `connectionHost` gives it: `host` or `host:port`, in lower case. */
  readonly host: string;
  /** Undefined means all buckets of the host, also future ones. */
  readonly buckets?: readonly string[] | undefined;
}

/** Whether bindings allow a customer key to be sent to a bucket of a host. */
export function covers(bindings: readonly Binding[], host: string, bucket: string): boolean {
  return bindings.some(
    (binding) =>
      binding.host === host.toLowerCase() &&
      (binding.buckets === undefined || binding.buckets.includes(bucket)),
  );
}

/** The union of bindings: one a host, sorted, so that equal bindings are equal as JSON. */
export function mergeBindings(...lists: readonly (readonly Binding[])[]): readonly Binding[] {
  const bucketsOf = new Map<string, Set<string> | 'all'>();
  for (const { host, buckets } of lists.flat()) {
    const name = host.toLowerCase();
    const known = bucketsOf.get(name) ?? new Set();
    bucketsOf.set(
      name,
      known === 'all' || buckets === undefined ? 'all' : new Set([...known, ...buckets]),
    );
  }
  return [...bucketsOf]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([host, buckets]) =>
      buckets === 'all' ? { host } : { host, buckets: [...buckets].sort() },
    );
}

/**
 * Bindings without a host, or without some buckets of it. Where the whole host is bound, taking
 * away a bucket takes away the host: what is left must not be more than what was meant.
 */
export function withoutBinding(bindings: readonly Binding[], removed: Binding): readonly Binding[] {
  return bindings.flatMap((binding) => {
    if (binding.host !== removed.host.toLowerCase()) return [binding];
    const left =
      removed.buckets && binding.buckets?.filter((name) => !removed.buckets?.includes(name));
    return left === undefined || left.length === 0 ? [] : [{ host: binding.host, buckets: left }];
  });
}

/** What becomes of what stands at a target already. */
export type ExistingPolicy =
  /** It stays, and nothing goes there. */
  | 'skip'
  /** It is replaced, if it is still what was found. */
  | 'overwrite'
  /** It stays, and what goes there gets another name. */
  | 'keepBoth';

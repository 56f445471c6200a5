/** What a run of a command over several objects returns. */
export interface Outcome {
  readonly succeeded: number;
  readonly failures: readonly { readonly key: string; readonly message: string }[];
  readonly skipped: number;
}

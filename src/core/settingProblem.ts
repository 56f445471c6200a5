/** Something in a setting that cannot be used, for people to read. */
export interface SettingProblem {
  /** The setting's id, for example `ssec.connections`. */
  readonly setting: string;
  /** Where in the setting's value: property names from the outside in. */
  readonly path: readonly string[];
  /** A sentence (in English) that says what is expected. It never repeats a value. */
  readonly message: string;
}

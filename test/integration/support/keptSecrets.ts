/** What the test before a restart tells the one after it, in a file of the workspace. */
export interface KeptSecrets {
  readonly connection: string;
  readonly bucket: string;
  readonly fingerprints: string[];
}

export const keptFile = 'kept-secrets.json';

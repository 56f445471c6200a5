import type { GpgCipher } from '../../core/gpg.ts';
import { GpgPassphrases } from '../../keys/gpgPassphrases.ts';
import type { SecretStore } from '../../keys/stores.ts';
import type { DescribeUpload } from '../../transfer/uploadOptions.ts';
import type { KeySettings } from '../keys/keySettings.ts';
import { GpgPrompts } from './gpgPrompts.ts';

type Rules = Pick<KeySettings, 'uploadRules'>;

/** The passphrases of this window; the cipher stands in a bundle of its own. */
export function createGpgPassphrases(secrets: SecretStore, settings: Rules): GpgPassphrases {
  return new GpgPassphrases({
    ...{ secrets, asker: new GpgPrompts(), cipher: loadCipher },
    ruledName: (address) => settings.uploadRules().describe(address).gpg,
  });
}

/** What new objects are given by the upload rules that are in force when they are made. */
export function uploadDescriptions(settings: Rules, gpg: GpgPassphrases): DescribeUpload {
  return (address) => {
    const { gpg: name, ...description } = settings.uploadRules().describe(address);
    if (name === undefined) return description;
    return { ...description, gpg: { gpg, passphrase: () => gpg.named(name) } };
  };
}

async function loadCipher(): Promise<GpgCipher> {
  // @ts-expect-error The bundle is made beside the extension's (esbuild.mjs); it has no types here.
  const bundle = (await import('./gpg.cjs')) as { createGpgCipher: () => GpgCipher };
  return bundle.createGpgCipher();
}

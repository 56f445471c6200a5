import * as v from 'valibot';
import type { ObjectAddress } from '../core/address.ts';
import type { SettingProblem } from '../core/settingProblem.ts';
import {
  AddressPatternError,
  compareSpecificity,
  compileAddressPattern,
  type AddressPattern,
} from './addressPattern.ts';
import { looksLikeKey } from './keyName.ts';

/** The id of the setting that this file reads. */
export const keyRulesSetting = 'ssec.keyRules';

/** How to encrypt the objects of a pattern. */
export interface KeyRule {
  /** As the person wrote it. */
  readonly pattern: string;
  /**
   * The name or fingerprint of a customer key; null means no customer key; undefined means that
   * what the person wrote cannot be read, so that nothing new may be stored by this rule.
   */
  readonly customerKey: string | null | undefined;
}

interface CompiledRule extends KeyRule {
  readonly compiled: AddressPattern;
}

/** The key rules in force; the most specific one that matches wins. */
export class KeyRules {
  /** Most specific first. */
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly CompiledRule[] = []) {
    this.#rules = rules
      .toReversed()
      .sort((one, other) => compareSpecificity(one.compiled, other.compiled));
  }

  /** All rules, most specific first. */
  all(): readonly KeyRule[] {
    return this.#rules;
  }

  /** The rule for an object; undefined if none matches. */
  match(address: ObjectAddress): KeyRule | undefined {
    return this.#rules.find(({ compiled }) => compiled.matches(address));
  }
}

const keyMessage =
  'A rule names a customer key by its name or fingerprint, or is null or "none" for no encryption.';

const secretMessage =
  'This looks like a customer key itself. Keys never stand in the settings: add it to a key ring, ' +
  'name it here, and replace the key if others could read these settings.';

/** The name of a customer key, or an object around it (more fields may come one day). */
const ruleSchema = v.union(
  [
    v.null(),
    v.pipe(v.string(), v.nonEmpty()),
    v.object({ customerKey: v.nullable(v.pipe(v.string(), v.nonEmpty())) }),
  ],
  keyMessage,
);

/**
 * Reads the setting `ssec.keyRules`: an object of pattern → name or fingerprint of a customer key,
 * or null or `"none"`, or `{ "customerKey": … }` around one of these. What cannot be used is
 * explained and the rest stays: a rule with an unreadable pattern is left out; one with an
 * unreadable key is kept without it, so that no broader rule takes its place.
 *
 * @param setting the setting's value, whatever it is; undefined means no rules
 */
export function readKeyRules(setting: unknown): {
  readonly rules: KeyRules;
  readonly problems: readonly SettingProblem[];
} {
  const rules: CompiledRule[] = [];
  const problems: SettingProblem[] = [];
  const report = (path: readonly string[], message: string): void => {
    problems.push({ setting: keyRulesSetting, path, message });
  };
  if (setting !== undefined && setting !== null && !isRecord(setting)) {
    report([], 'The key rules must be an object of pattern → customer key.');
  }
  for (const [pattern, value] of isRecord(setting) ? Object.entries(setting) : []) {
    try {
      const compiled = compileAddressPattern(pattern);
      const customerKey = readKeyName(value, (message) => {
        report([pattern], message);
      });
      rules.push({ pattern, customerKey, compiled });
    } catch (error) {
      if (!(error instanceof AddressPatternError)) throw error;
      report([pattern], error.message);
    }
  }
  return { rules: new KeyRules(rules), problems };
}

function readKeyName(value: unknown, report: (message: string) => void): string | null | undefined {
  const result = v.safeParse(ruleSchema, value);
  if (!result.success) {
    report(keyMessage);
    return undefined;
  }
  const named = isRecord(result.output) ? result.output.customerKey : result.output;
  if (named !== null && looksLikeKey(named)) {
    report(secretMessage);
    return undefined;
  }
  return named === 'none' ? null : named;
}

function isRecord<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import * as v from 'valibot';
import type { ObjectAddress } from '../core/address.ts';
import type { SettingProblem } from '../core/settingProblem.ts';
import { StoreError } from '../core/storeError.ts';
import { joinDescriptions, type UploadDescription } from '../core/uploadDescription.ts';
import {
  AddressPatternError,
  compareSpecificity,
  compileAddressPattern,
  type AddressPattern,
} from './addressPattern.ts';
import {
  checkDescription,
  describeHeaders,
  splitHeaderList,
  UploadHeaderError,
} from './uploadHeaders.ts';

/** The id of the setting that this file reads. */
export const uploadRulesSetting = 'ssec.uploadRules';

const text = v.pipe(v.string(), v.nonEmpty('A text is missing.'));
const texts = v.record(v.string(), v.string('Values are texts.'));

/** The fields that a rule and a command that uploads have in common. */
export const uploadFields = {
  contentType: v.optional(text),
  cacheControl: v.optional(text),
  contentDisposition: v.optional(text),
  contentEncoding: v.optional(text),
  contentLanguage: v.optional(text),
  storageClass: v.optional(text),
  metadata: v.optional(texts),
  tags: v.optional(texts),
  headers: v.optional(v.union([v.string(), texts], 'Headers are a text name:value|name:value.')),
  s3cmdAttributes: v.optional(v.boolean()),
};

const ruleSchema = v.strictObject({
  ...uploadFields,
  encrypt: v.optional(v.nullable(v.strictObject({ gpg: v.nullable(text) }))),
});

/** What a person writes about the objects of a pattern, or of one upload. */
export type UploadFields = v.InferOutput<typeof ruleSchema>;

interface UploadRule {
  /** As the person wrote it. */
  readonly pattern: string;
  readonly compiled: AddressPattern;
  /** Undefined if it says how to encrypt and cannot be read: nothing may be stored by it. */
  readonly description: UploadDescription | undefined;
  /** Whether a broader rule's GPG encryption is taken back. */
  readonly isPlain: boolean;
}

/** The upload rules in force. All that match apply; the more specific one counts. */
export class UploadRules {
  /** Broadest first. */
  readonly #rules: readonly UploadRule[];

  constructor(rules: readonly UploadRule[] = []) {
    this.#rules = [...rules].sort((one, other) => compareSpecificity(other.compiled, one.compiled));
  }

  /**
   * What a new object at an address is given.
   * @throws StoreError `invalid` if a rule that says how to encrypt it cannot be read
   */
  describe(address: ObjectAddress): UploadDescription {
    let whole: UploadDescription = {};
    for (const { pattern, compiled, description, isPlain } of this.#rules) {
      if (!compiled.matches(address)) continue;
      if (description === undefined) {
        throw new StoreError(
          'invalid',
          `The upload rule "${pattern}" says how objects are encrypted, and it cannot be read. Nothing was stored; correct the setting ${uploadRulesSetting}.`,
          address,
        );
      }
      whole = joinDescriptions(isPlain ? { ...whole, gpg: undefined } : whole, description);
    }
    return whole;
  }
}

/**
 * Reads the setting `ssec.uploadRules`: an object of pattern → what new objects there are given. A
 * pattern is one of addresses as in the key rules, or of file names (`*.css`, `assets/**`). What
 * cannot be used is explained, and the rest stays.
 *
 * @param setting the setting's value, whatever it is; undefined means no rules
 */
export function readUploadRules(setting: unknown): {
  readonly rules: UploadRules;
  readonly problems: readonly SettingProblem[];
} {
  const rules: UploadRule[] = [];
  const problems: SettingProblem[] = [];
  const report = (path: readonly string[], message: string): void => {
    problems.push({ setting: uploadRulesSetting, path, message });
  };
  if (setting !== undefined && setting !== null && !isRecord(setting)) {
    report([], 'The upload rules must be an object of pattern → what new objects are given.');
  }
  for (const [pattern, value] of isRecord(setting) ? Object.entries(setting) : []) {
    try {
      const compiled = compileAddressPattern(addressPatternOf(pattern));
      const description = readFields(value, (path, message) => {
        report([pattern, ...path], message);
      });
      const encrypt = isRecord(value) ? value['encrypt'] : undefined;
      const isPlain = encrypt === null || (isRecord(encrypt) && encrypt['gpg'] === null);
      // Without what it says about headers an upload does no harm; without its encryption it does.
      if (description === undefined && (encrypt === undefined || isPlain)) continue;
      rules.push({ pattern, compiled, description, isPlain });
    } catch (error) {
      if (!(error instanceof AddressPatternError)) throw error;
      report([pattern], error.message);
    }
  }
  return { rules: new UploadRules(rules), problems };
}

function readFields(
  value: unknown,
  report: (path: readonly string[], message: string) => void,
): UploadDescription | undefined {
  const parsed = v.safeParse(ruleSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    report(v.getDotPath(issue)?.split('.') ?? [], messageOf(issue));
    return undefined;
  }
  try {
    return describeFields(parsed.output);
  } catch (error) {
    if (!(error instanceof UploadHeaderError)) throw error;
    report([], error.message);
    return undefined;
  }
}

/**
 * What a person wrote, as a description; a field counts more than a header of its meaning.
 * @throws UploadHeaderError
 */
export function describeFields(fields: UploadFields): UploadDescription {
  const { metadata = {}, tags, headers = {}, s3cmdAttributes, encrypt, ...properties } = fields;
  const pairs = typeof headers === 'string' ? splitHeaderList(headers) : Object.entries(headers);
  const names = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]);
  const own: UploadDescription = {
    properties: { ...properties, metadata: Object.fromEntries(names) as Record<string, string> },
    ...{ tags, s3cmdAttributes, gpg: encrypt?.gpg ?? undefined },
  };
  const description = joinDescriptions(describeHeaders(pairs), own);
  checkDescription(description);
  return description;
}

/** A pattern of file names is one of all addresses; without a slash it is of the last segment. */
function addressPatternOf(pattern: string): string {
  if (/^[a-z0-9]+:\/\//.test(pattern)) return pattern;
  return pattern.includes('/') ? `s3://*/${pattern.replace(/^\//, '')}` : `s3://*/**/${pattern}`;
}

/** Valibot's own messages repeat the value. */
function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object') {
    const known = [...Object.keys(uploadFields), 'encrypt'].join(', ');
    return issue.expected === 'never'
      ? `This is not known here. A rule may say: ${known}.`
      : 'A rule is an object of what new objects are given.';
  }
  return issue.kind === 'validation' ? issue.message : `Expected is ${issue.expected ?? 'a text'}.`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

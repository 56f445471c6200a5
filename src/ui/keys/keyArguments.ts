import * as v from 'valibot';
import { hostFrom } from './hosts.ts';

/** Parts of argument objects; the messages never repeat a value, which can be a customer key. */
export const text = v.pipe(v.string('expected a text.'), v.nonEmpty('must not be empty.'));

export const flag = v.boolean('expected true or false.');

export const scope = v.picklist(['workspace', 'user'], 'expected "workspace" or "user".');

export const names = v.array(text, 'expected a list of bucket names.');

export const hosts = v.array(
  v.pipe(
    text,
    v.check(
      (host) => hostFrom(host) !== undefined,
      'expected a host such as "s3.example.com:9000".',
    ),
  ),
  'expected a list of hosts.',
);

/** How arguments name a customer key that is stored: by name or fingerprint, and scope. */
export const keyReference = { customerKey: v.optional(text), scope: v.optional(scope) };

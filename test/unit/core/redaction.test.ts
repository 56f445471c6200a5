import assert from 'node:assert/strict';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { Secret } from '../../../src/core/secret.ts';
import { StoreError } from '../../../src/core/storeError.ts';

const secretText = '32bytesOfTotallyRandomCharacters';
const secretBytes = Buffer.from(secretText);

/** Parts of it in the forms in which it could leak, without spaces and commas. */
const forms = [
  secretText.slice(0, 12),
  secretBytes.toString('base64').slice(0, 16),
  secretBytes.toString('hex').slice(0, 20),
  [...secretBytes].slice(0, 8).join(''),
];

function assertHidden(printed: unknown, way: string): void {
  // Lists of bytes are printed in columns.
  const text = String(printed).replace(/[\s,]/g, '');
  for (const form of forms) assert.ok(!text.includes(form), `${way} shows it: ${text}`);
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return `${inspect(error, { depth: 9, showHidden: true })} ${String(error)}`;
  }
  return 'no error';
}

/** Every way of printing a value that we could think of. */
const ways: Record<string, (value: Secret | CustomerKey) => unknown> = {
  String: (value) => String(value),
  // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- what must not leak
  template: (value) => `${value}`,
  // eslint-disable-next-line @typescript-eslint/restrict-plus-operands -- what must not leak
  plus: (value) => 'key: ' + value,
  'toString()': (value) => value.toString(),
  'toLocaleString()': (value) => value.toLocaleString(),
  'Array join': (value) => [value, [value]].join(' '),
  'JSON.stringify': (value) => JSON.stringify(value),
  'JSON.stringify of a holder': (value) => JSON.stringify({ a: [{ value }] }, undefined, 2),
  'JSON.stringify with fields': (value) => JSON.stringify(value, ['#value', '#bytes', 'value']),
  'util.inspect': (value) => inspect(value),
  'util.inspect of everything': (value) =>
    inspect(value, { showHidden: true, depth: Infinity, getters: true, showProxy: true }),
  'util.inspect of a holder': (value) =>
    inspect(new Map([[value, new Set([{ a: { b: { c: { value } } } }])]]), {
      showHidden: true,
      depth: Infinity,
    }),
  'util.inspect without custom': (value) =>
    inspect(value, { customInspect: false, showHidden: true, depth: Infinity }),
  'util.inspect of a proxy': (value) => inspect(new Proxy(value, {}), { showProxy: true }),
  'util.format': (value) =>
    ['%s', '%o', '%O', '%j', '%d', '%i', '%f', '%c', '']
      .map((directive) => format(directive, value, { value }))
      .join('\n'),
  'error message': (value) => {
    const error = new Error(`It failed with ${String(value)}`, { cause: value });
    return `${error.message} ${error.stack ?? ''} ${inspect(error, { showHidden: true, depth: 9 })}`;
  },
  'error cause': (value) =>
    inspect(new StoreError('unknown', 'It failed.', {}, { request: { headers: { value } } }), {
      depth: 9,
      showHidden: true,
    }),
  structuredClone: (value) => inspect(structuredClone({ value }), { depth: 9, showHidden: true }),
  'v8.serialize': (value) => serialize({ value }).toString('latin1'),
  'Object.entries': (value) => JSON.stringify(Object.entries(value)),
  'own names': (value) => JSON.stringify(Object.getOwnPropertyDescriptors(value)),
  // eslint-disable-next-line @typescript-eslint/no-misused-spread -- what must not leak
  spread: (value) => inspect({ ...value }, { depth: 9, showHidden: true }),
  'Object.assign': (value) => inspect(Object.assign({}, value), { depth: 9, showHidden: true }),
  'for in': (value) => {
    const seen: unknown[] = [];
    for (const name in value) seen.push((value as unknown as Record<string, unknown>)[name]);
    return inspect(seen);
  },
  'Buffer.from': (value) => messageOf(() => Buffer.from(value as unknown as string)),
  encodeURIComponent: (value) => encodeURIComponent(String(value)),
  URLSearchParams: (value) => new URLSearchParams({ key: value as unknown as string }).toString(),
  Number: (value) => Number(value),
  'a header': (value) => messageOf(() => new Headers({ key: value as unknown as string })),
  'an assertion': (value) =>
    messageOf(() => {
      assert.deepEqual({ value, other: 1 }, { value: 'x', other: 2 });
    }),
  'an assertion of two': (value) =>
    messageOf(() => {
      assert.deepEqual(value, new CustomerKey(new Uint8Array(32)));
    }),
};

describe('redaction', () => {
  const values = {
    Secret: new Secret(secretText),
    CustomerKey: new CustomerKey(secretBytes),
  };
  for (const [type, value] of Object.entries(values)) {
    for (const [way, print] of Object.entries(ways)) {
      it(`hides a ${type} from ${way}`, () => {
        assertHidden(print(value), way);
      });
    }
  }

  it('would notice a text and bytes that are not hidden', () => {
    for (const leak of [{ secretText }, { secretBytes }, { bytes: Uint8Array.from(secretBytes) }]) {
      assert.throws(() => {
        assertHidden(inspect(leak, { depth: 9 }), 'inspect');
      }, /shows it/);
    }
  });

  it('prints the fingerprint of a customer key and nothing of a secret', () => {
    const printed = '[customer key Q2uTy2CxpUThcAfUAnc8mQ==]';
    assert.equal(String(values.CustomerKey), printed);
    assert.equal(JSON.stringify({ a: values.CustomerKey }), JSON.stringify({ a: printed }));
    assert.equal(inspect([values.CustomerKey]), `[ ${printed} ]`);
    assert.equal(String(values.Secret), '[redacted]');
    assert.equal(inspect([values.Secret]), '[ [redacted] ]');
  });

  it('reveals what it hides to those who ask, as a copy', () => {
    assert.equal(values.Secret.reveal(), secretText);
    values.CustomerKey.reveal().fill(0);
    assert.deepEqual(Buffer.from(values.CustomerKey.reveal()), secretBytes);
    const own = Buffer.from(secretBytes);
    const key = new CustomerKey(own);
    own.fill(0);
    assert.deepEqual(Buffer.from(key.reveal()), secretBytes);
  });

  it('refuses other lengths without showing the bytes', () => {
    const short = messageOf(() => new CustomerKey(secretBytes.subarray(1)));
    assert.match(short, /has 32 bytes; these are 31/);
    assertHidden(short, 'the error');
  });

  it('generates a new customer key each time', () => {
    assert.notEqual(CustomerKey.generate().fingerprint, CustomerKey.generate().fingerprint);
  });
});

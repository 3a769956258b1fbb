import { z } from 'zod';

type Schema = { readonly [key: string]: unknown };

const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
/** What members of these names hold in examples, where their schema takes it. */
const NAMED: { readonly [name: string]: string } = {
  to: ADDRESS,
  address: ADDRESS,
  contract: ADDRESS,
  amount: '10000000000000000',
  name: 'Treasury',
  username: 'ada@acme.example',
  email: 'ada@acme.example',
  network: 'EthereumSepolia',
  hash: `0x${'ab'.repeat(32)}`,
  message: '0x68656c6c6f',
  reason: 'Invoice 4711',
  scheme: 'ECDSA',
  curve: 'secp256k1',
  operations: 'Wallets:Read',
  redirectUri: 'https://wallets.example/signed-in',
  publicKey:
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETA59ZyxTzgbKSJEMwQ6DcadzWVmr\nIiKzj12EieDklZz0BhrvKF6ot6ulmYwmevuB/dzISdCCao34efyZc4BVIg==\n-----END PUBLIC KEY-----\n',
  fingerprint: `SHA256:${'A'.repeat(43)}`,
  proof: 'ab'.repeat(64),
  userActionHttpPath: '/wallets',
};
/** Texts that satisfy what the contract asks of strings; the first that the whole schema takes is used. */
const TEXTS = ['sample', '1', ADDRESS, 'ada@acme.example', '2030-01-01T00:00:00.000Z', 'ab'.repeat(32)];
/** Kinds of ids by the member that holds them (contract §1.1). */
const IDS: { readonly [name: string]: string } = { walletId: 'wa', keyId: 'key', userId: 'us', policyId: 'plc' };

const idFor = (name: string): string | undefined => IDS[name] && `${IDS[name]}-0a1b2-3c4d5-6e7f8g9h0i1j2k3l`;

const textFor = (schema: Schema, name: string): string => {
  const pattern = typeof schema.pattern === 'string' ? new RegExp(schema.pattern, 'u') : null;
  const { minLength = 0 } = schema as { minLength?: number };
  const named = [NAMED[name], idFor(name)].filter((text) => text !== undefined);
  const fits = [...named, ...TEXTS, `0x${'ab'.repeat(32)}`].find(
    (text) => text.length >= minLength && (!pattern || pattern.test(text)),
  );
  return fits ?? 'x'.repeat(minLength);
};

const example = (schema: Schema, name = ''): unknown => {
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum.find((one) => one === NAMED[name]) ?? schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return example(choices[0] as Schema, name);
  switch (schema.type) {
    case 'object': {
      const properties = (schema.properties ?? {}) as { readonly [name: string]: Schema };
      const required = (schema.required ?? []) as readonly string[];
      return Object.fromEntries(required.map((member) => [member, example(properties[member] ?? {}, member)]));
    }
    case 'array':
      return Array.from({ length: (schema.minItems as number | undefined) ?? 0 }, () =>
        example(schema.items as Schema, name),
      );
    case 'integer':
    case 'number':
      return (schema.minimum as number | undefined) ?? 1;
    case 'boolean':
      return true;
    default:
      return textFor(schema, name);
  }
};

/**
 * The smallest body that an operation's schema takes, made from the schema itself.
 * @returns null where it can't be guessed, `{}` where there is no schema.
 */
export const exampleBody = (schema: z.ZodType | undefined): object | null => {
  if (!schema) return {};
  const asked = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Schema;
  // A refinement may want one of several members that each are optional.
  const made = [asked, { ...asked, required: Object.keys((asked.properties ?? {}) as object).slice(0, 1) }]
    .map((one) => example(one))
    .find((one) => schema.safeParse(one).success);
  return typeof made === 'object' && made !== null ? made : null;
};

import { z } from 'zod';

/** Text of 1 to `max` UTF-16 units without control characters: names, ids, codes. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');

/** An identifier in a body or query. Whether it exists is the handler's question (contract §1.7: at most 64 characters). */
export const idField = z.string().min(1).max(64);

/** ISO-8601 UTC with milliseconds and `Z`, the only time format of the dialect's answers. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'must be ISO-8601 UTC with milliseconds');

/** Formats unix milliseconds as the dialect's timestamp. */
export const toTimestamp = (unixMs: number): string => new Date(unixMs).toISOString();

/** An amount in base units: 1 to 78 decimal digits, no sign, exponent or prefix. */
export const amount = z.string().regex(/^\d{1,78}$/, 'must be a decimal integer string in base units');

/** An EVM transaction integer: decimal or 0x hex digits, below 2^256. */
export const evmInteger = z
  .string()
  .regex(/^(?:\d{1,78}|0x[0-9a-fA-F]{1,64})$/, {
    error: 'must be a decimal or 0x hexadecimal integer string',
    abort: true,
  })
  .refine((value) => BigInt(value) < 1n << 256n, { error: 'must be below 2^256' });

/** A 20-byte EVM address. */
export const evmAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be a 20-byte 0x address');

/** Whole bytes as hex with the 0x prefix. */
export const hexData = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/, 'must be 0x and whole bytes of hexadecimal');

/** Whole bytes as hex, 0x optional. */
export const looseHex = z.string().regex(/^(?:0x)?(?:[0-9a-fA-F]{2})*$/, 'must be whole bytes of hexadecimal');

/** Idempotency value of transfers, transactions and signatures (contract §1.9). */
export const externalId = text(50);

/** A plain correlation value on wallets, users and tokens. */
export const correlationId = text(100);

/** Display names of keys, wallets, permissions, policies, credentials. */
export const displayName = text(100);

/** Base64url or base64, padded or not, not empty. */
export const base64Field = z
  .string()
  .min(1)
  .max(65_536)
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, 'must be base64url');

/** An SPKI public key in PEM. Which curves are allowed is decided by the authentication room (contract §2.4). */
export const publicKeyPem = z
  .string()
  .max(8192)
  .regex(
    /^-----BEGIN (RSA )?PUBLIC KEY-----\r?\n(?:[A-Za-z0-9+/=]{1,76}\r?\n)+-----END (RSA )?PUBLIC KEY-----\s*$/,
    'must be a PEM public key',
  );

/** A property the dialect knows and this deployment refuses: silently dropping it would sign something else than was asked. */
export const notSupported = (property: string) => z.never({ error: `"${property}" is not supported` }).optional();

/** Several refused properties at once, to be spread into a `z.strictObject`. */
export const refuse = <const P extends string>(...properties: readonly P[]) =>
  Object.fromEntries(properties.map((property) => [property, notSupported(property)])) as {
    [K in P]: ReturnType<typeof notSupported>;
  };

/** Body of calls that carry nothing: absent, `""` and `{}` arrive as `{}`. */
export const emptyBody = z.strictObject({});

/** A JSON object of any content, for kinds whose inside is not looked at. */
export const anyObject = z.record(z.string(), z.unknown());

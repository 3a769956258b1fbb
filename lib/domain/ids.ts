/** Identifiers of the dialect: `<prefix>-xxxxx-xxxxx-xxxxxxxxxxxxxxxx`, alphabet base32hex (0-9, a-v). Contract §1.7. */
export const ID_PREFIXES = {
  organisation: 'or',
  user: 'us',
  token: 'to',
  credential: 'cr',
  changeRequest: 'cr',
  challenge: 'ch',
  permission: 'pm',
  assignment: 'as',
  policy: 'plc',
  evaluation: 'plce',
  approval: 'ap',
  delegation: 'dg',
  key: 'key',
  wallet: 'wa',
  transfer: 'xfr',
  transaction: 'tx',
  signature: 'sig',
  session: 'to',
  log: 'uj',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Fills `length` bytes; `crypto.randomBytes` in a process, a seeded source in a test. */
export type RandomBytes = (length: number) => Uint8Array;

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/** A fresh identifier with 130 random bits. */
export const newId = (kind: IdKind, random: RandomBytes): string => {
  const symbols = Array.from(random(26), (byte) => ALPHABET[byte & 31]).join('');
  return `${ID_PREFIXES[kind]}-${symbols.slice(0, 5)}-${symbols.slice(5, 10)}-${symbols.slice(10)}`;
};

const REST = /^-[a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{14,16}$/;

/** Whether the text is a well-formed identifier of that kind. */
export const isId = (kind: IdKind, text: unknown): text is string =>
  typeof text === 'string' &&
  text.length <= 64 &&
  text.startsWith(ID_PREFIXES[kind]) &&
  REST.test(text.slice(ID_PREFIXES[kind].length));

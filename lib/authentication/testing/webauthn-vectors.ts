import { createHash, type KeyObject, sign as signWith } from 'node:crypto';
import type { Assertion } from '../statement';
import type { Attestation } from '../verify-attestation';
import { encodeCbor, type SoftwareCredential, softwarePasskey } from './software-credentials';

export const RP = { rpId: 'wallets.example', origin: 'https://wallets.example' };
export const CHALLENGE = 'y5Yq2Ojq3ZbN2m2s0p9F8d9m4c7l1b6x';
export const TYPES = ['P-256', 'Ed25519', 'RSA'] as const;
type KeyType = (typeof TYPES)[number];
type Fido2 = Extract<Assertion, { readonly kind: 'Fido2' }>;

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const base64Url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const signed = (type: KeyType, key: KeyObject, data: Buffer): Buffer =>
  signWith(type === 'Ed25519' ? null : 'sha256', data, key);

/** One thing changed about an otherwise good answer. `step` is the verification step of WebAuthn Level 3 §7.1 or §7.2 it breaks. */
export type Vector<T> = { readonly name: string; readonly step: string; readonly answer: T };
export type AssertionVector = Vector<Fido2>;
export type AttestationVector = Vector<Attestation>;

const b64 = (text: string): string => base64Url(text);
const goodClientData = (ceremony: 'create' | 'get') => ({
  type: `webauthn.${ceremony}`,
  challenge: b64(CHALLENGE),
  origin: RP.origin,
  crossOrigin: false,
});

/** Client data in every wrong (and some harmless) shape, as the bytes that are signed. */
const clientDataForms = (
  ceremony: 'create' | 'get',
): readonly (readonly [step: string, name: string, bytes: Buffer])[] => {
  const good = goodClientData(ceremony);
  const other = ceremony === 'get' ? 'create' : 'get';
  const form = (step: string, name: string, members: object) =>
    [step, name, Buffer.from(JSON.stringify(members))] as const;
  const raw = (step: string, name: string, text: string | Buffer) => [step, name, Buffer.from(text)] as const;
  const text = JSON.stringify(good);
  const without = (key: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== key));
  return [
    form('none', 'members in another order', {
      crossOrigin: false,
      origin: good.origin,
      challenge: good.challenge,
      type: good.type,
    }),
    form('none', 'a member that is not known', { ...good, other_keys_can_be_added_here: 'do not compare' }),
    raw('none', 'white space', JSON.stringify(good, null, 2)),
    form('none', 'crossOrigin left out', without('crossOrigin')),
    raw('json', 'a byte order mark', `\uFEFF${text}`),
    raw('json', 'no JSON', 'webauthn'),
    raw('json', 'nothing', ''),
    raw('json', 'an array', `[${text}]`),
    raw('json', 'null', 'null'),
    raw('json', 'text behind it', `${text}x`),
    raw('json', 'a second document', `${text}${text}`),
    raw(
      'json',
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"x":"'), Buffer.of(0xff), Buffer.from('"}')]),
    ),
    raw(
      'json',
      'the challenge twice, the good one last',
      text.replace('"challenge"', '"challenge":"AAAA","challenge"'),
    ),
    raw(
      'json',
      'the origin twice, the good one last',
      text.replace('"origin"', '"origin":"https://evil.example","origin"'),
    ),
    ...[
      `webauthn.${other}`,
      'webauthn',
      '',
      'WEBAUTHN.GET',
      `webauthn.${ceremony} `,
      'key.get',
      'key.create',
      'payment.get',
    ].map((type) => form('type', `type “${type}”`, { ...good, type })),
    form('type', 'no type', without('type')),
    form('type', 'a number as type', { ...good, type: 1 }),
    ...[
      CHALLENGE,
      b64('another'),
      '',
      b64(`${CHALLENGE}x`),
      b64(CHALLENGE.toLowerCase()),
      `${b64(CHALLENGE)}=`,
      b64(b64(CHALLENGE)),
      b64(CHALLENGE).slice(0, -1),
    ].map((challenge) => form('challenge', `challenge “${challenge}”`, { ...good, challenge })),
    form('challenge', 'no challenge', without('challenge')),
    form('challenge', 'a list as challenge', { ...good, challenge: [good.challenge] }),
    ...[
      'https://evil.example',
      'https://wallets.example.evil.example',
      'https://sub.wallets.example',
      'http://wallets.example',
      'https://wallets.example:8443',
      'https://wallets.example/',
      'https://WALLETS.example',
      'https://wallets.example.',
      'wallets.example',
      'null',
      '',
      'https://wallets.exampl\u0435',
      'android:apk-key-hash:abc',
      'https://evil.example#https://wallets.example',
    ].map((origin) => form('origin', `origin “${origin}”`, { ...good, origin })),
    form('origin', 'no origin', without('origin')),
    form('origin', 'a list as origin', { ...good, origin: [good.origin] }),
    form('crossOrigin', 'a foreign page', { ...good, crossOrigin: true }),
    form('crossOrigin', 'a text as crossOrigin', { ...good, crossOrigin: 'false' }),
    form('topOrigin', 'a page around it', { ...good, crossOrigin: true, topOrigin: 'https://evil.example' }),
    form('topOrigin', 'a page around it that is said to be the same', { ...good, topOrigin: RP.origin }),
  ];
};

const header = (flags: number, { rpId = RP.rpId, counter = 1 } = {}): Buffer => {
  const end = Buffer.alloc(5);
  end[0] = flags;
  end.writeUInt32BE(counter, 1);
  return Buffer.concat([sha256(rpId), end]);
};
const EXTENSIONS = encodeCbor(new Map([['x', 1]]));

/** Authenticator data without a credential in every wrong (and some harmless) shape. */
const authenticatorDataForms = (): readonly (readonly [step: string, name: string, bytes: Buffer])[] => {
  const good = header(0x05);
  const flip = (at: number) => {
    const copy = Buffer.from(good);
    copy[at] = (copy[at] ?? 0) ^ 0x01;
    return copy;
  };
  const flags: (readonly [string, string, Buffer])[] = [];
  for (let bits = 0; bits < 16; bits++) {
    const value = (bits & 1) | ((bits & 2) << 1) | ((bits & 4) << 1) | ((bits & 8) << 1);
    const [isPresent, isVerified, isEligible, isBackedUp] = [1, 4, 8, 16].map((bit) => (value & bit) !== 0);
    const step = !isPresent
      ? 'user present'
      : !isVerified
        ? 'user verified'
        : isBackedUp && !isEligible
          ? 'backup state'
          : 'none';
    flags.push([step, `flags 0x${value.toString(16)}`, header(value)]);
  }
  return [
    ...flags,
    ['none', 'a reserved flag', header(0x05 | 0x02)],
    ['none', 'a counter of 0', header(0x05, { counter: 0 })],
    ['none', 'the largest counter', header(0x05, { counter: 0xffffffff })],
    ['none', 'extensions', Buffer.concat([header(0x85), EXTENSIONS])],
    ...['evil.example', 'example', 'sub.wallets.example', '', 'WALLETS.EXAMPLE', 'https://wallets.example'].map(
      (rpId) => ['rpIdHash', `relying party “${rpId}”`, header(0x05, { rpId })] as const,
    ),
    ...[0, 15, 31].map((at) => ['rpIdHash', `byte ${at} of the hash`, flip(at)] as const),
    ...[0, 1, 32, 36].map((length) => ['length', `${length} bytes`, good.subarray(0, length)] as const),
    ['length', 'a byte behind it', Buffer.concat([good, Buffer.of(0)])],
    ['length', 'extensions behind it that no flag names', Buffer.concat([good, EXTENSIONS])],
    ['length', 'a flag for extensions that are not there', header(0x85)],
    ['length', 'a byte behind the extensions', Buffer.concat([header(0x85), EXTENSIONS, Buffer.of(0)])],
    ['length', 'a flag for a credential that is not there', header(0x45)],
  ];
};

/** Signatures that are not the one over just these bytes. */
const signatureForms = (
  type: KeyType,
  good: Buffer,
): readonly (readonly [step: string, name: string, bytes: Buffer])[] => {
  const flip = (at: number) => {
    const copy = Buffer.from(good);
    copy[at % good.length] = (copy[at % good.length] ?? 0) ^ 0x01;
    return ['signature', `byte ${at % good.length} of the signature`, copy] as const;
  };
  return [
    ...[0, 1, 3, 5, 9, 20, 35, 40, 50, 63].map(flip),
    ['signature', 'no signature', Buffer.alloc(0)],
    ['signature', 'zeros', Buffer.alloc(good.length)],
    ['signature', 'cut off', good.subarray(0, -1)],
    ['signature', 'a byte behind it', Buffer.concat([good, Buffer.of(0)])],
    ...(type === 'P-256'
      ? [
          ['signature', 'r and s of 1', Buffer.from('3006020101020101', 'hex')] as const,
          ['signature', 'r and s of 0', Buffer.from('3006020100020100', 'hex')] as const,
        ]
      : []),
  ];
};

/** Answers to a sign-in or user action, each with one thing changed; whatever is not the signature itself is signed again. */
export const assertionVectors = (type: KeyType, key: SoftwareCredential): AssertionVector[] => {
  const clientData = Buffer.from(JSON.stringify(goodClientData('get')));
  const authenticatorData = header(0x05);
  const over = (client: Buffer, auth: Buffer) => signed(type, key.privateKey, Buffer.concat([auth, sha256(client)]));
  const answer = (client: Buffer, auth: Buffer, signature: Buffer): Fido2 => ({
    kind: 'Fido2',
    credId: key.credId,
    clientData: base64Url(client),
    authenticatorData: base64Url(auth),
    signature: base64Url(signature),
  });
  const good = over(clientData, authenticatorData);
  const other = softwarePasskey({ ...RP, type });
  const byOther = signed(type, other.privateKey, Buffer.concat([authenticatorData, sha256(clientData)]));
  return [
    { name: 'nothing changed', step: 'none', answer: answer(clientData, authenticatorData, good) },
    ...clientDataForms('get').map(([step, name, client]) => ({
      name,
      step,
      answer: answer(client, authenticatorData, over(client, authenticatorData)),
    })),
    ...clientDataForms('get')
      .slice(0, 3)
      .map(([, name, client]) => ({
        name: `${name}, not signed again`,
        step: 'signature',
        answer: answer(client, authenticatorData, good),
      })),
    ...authenticatorDataForms().map(([step, name, auth]) => ({
      name,
      step,
      answer: answer(clientData, auth, over(clientData, auth)),
    })),
    ...[header(0x1d), header(0x05, { counter: 2 })].map((auth, i) => ({
      name: `authenticator data ${i}, not signed again`,
      step: 'signature',
      answer: answer(clientData, auth, good),
    })),
    ...signatureForms(type, good).map(([step, name, signature]) => ({
      name,
      step,
      answer: answer(clientData, authenticatorData, signature),
    })),
    { name: 'signed by another key', step: 'signature', answer: answer(clientData, authenticatorData, byOther) },
    {
      name: 'client data signed, not its hash',
      step: 'signature',
      answer: answer(
        clientData,
        authenticatorData,
        signed(type, key.privateKey, Buffer.concat([authenticatorData, clientData])),
      ),
    },
    {
      name: 'the parts in the other order',
      step: 'signature',
      answer: answer(
        clientData,
        authenticatorData,
        signed(type, key.privateKey, Buffer.concat([sha256(clientData), authenticatorData])),
      ),
    },
    {
      name: 'the id of another credential',
      step: 'credential',
      answer: { ...answer(clientData, authenticatorData, good), credId: other.credId },
    },
  ];
};

const ALGORITHM: Readonly<Record<KeyType, number>> = { 'P-256': -7, RSA: -257, Ed25519: -8 };

/** Registrations, each with one thing changed. */
export const attestationVectors = (type: KeyType, key: SoftwareCredential, cose: Uint8Array): AttestationVector[] => {
  const clientData = Buffer.from(JSON.stringify(goodClientData('create')));
  const id = Buffer.from(key.credId, 'base64url');
  const authData = (flags = 0x45, more: { rpId?: string; id?: Buffer; cose?: Uint8Array; tail?: Buffer } = {}) => {
    const credId = more.id ?? id;
    return Buffer.concat([
      header(flags, more.rpId === undefined ? {} : { rpId: more.rpId }),
      Buffer.alloc(16),
      Buffer.of(credId.length >> 8, credId.length & 255),
      credId,
      more.cose ?? cose,
      more.tail ?? Buffer.alloc(0),
    ]);
  };
  const object = (fmt: unknown, statement: unknown, data: Uint8Array) =>
    encodeCbor(
      new Map<unknown, unknown>([
        ['fmt', fmt],
        ['attStmt', statement],
        ['authData', data],
      ]),
    );
  const answer = (bytes: Uint8Array, client: Buffer = clientData, credId = key.credId): Attestation => ({
    credentialKind: 'Fido2',
    credentialInfo: { credId, clientData: base64Url(client), attestationData: base64Url(bytes) },
  });
  const none = (data: Uint8Array) => object('none', new Map(), data);
  const packed = (
    more: {
      alg?: number;
      data?: Buffer;
      key?: KeyObject;
      extra?: readonly (readonly [unknown, unknown])[];
      signature?: Buffer;
    } = {},
  ) => {
    const data = more.data ?? authData();
    const sig = more.signature ?? signed(type, more.key ?? key.privateKey, Buffer.concat([data, sha256(clientData)]));
    return object(
      'packed',
      new Map<unknown, unknown>([['alg', more.alg ?? ALGORITHM[type]], ['sig', sig], ...(more.extra ?? [])]),
      data,
    );
  };
  const other = softwarePasskey({ ...RP, type });
  const changed = (step: string, name: string, bytes: Uint8Array, credId?: string): AttestationVector => ({
    name,
    step,
    answer: answer(bytes, clientData, credId),
  });
  const flags = Array.from(
    { length: 16 },
    (_, bits) => 0x40 | (bits & 1) | ((bits & 2) << 1) | ((bits & 4) << 1) | ((bits & 8) << 1),
  );
  const stepOf = (value: number) =>
    (value & 1) === 0
      ? 'user present'
      : (value & 4) === 0
        ? 'user verified'
        : (value & 0x18) === 0x10
          ? 'backup state'
          : 'none';
  return [
    changed('none', 'nothing changed, no attestation', none(authData())),
    changed('none', 'nothing changed, self attestation', packed()),
    ...clientDataForms('create').map(([step, name, client]) => ({
      name,
      step,
      answer: answer(none(authData()), client),
    })),
    ...flags.map((value) => changed(stepOf(value), `flags 0x${value.toString(16)}`, none(authData(value)))),
    ...['evil.example', '', 'sub.wallets.example'].map((rpId) =>
      changed('rpIdHash', `relying party “${rpId}”`, none(authData(0x45, { rpId }))),
    ),
    changed('credential', 'the id of another credential', none(authData()), other.credId),
    changed('credential', 'an empty id', none(authData(0x45, { id: Buffer.alloc(0) })), ''),
    changed(
      'credential',
      'an id of 1,024 bytes',
      none(authData(0x45, { id: Buffer.alloc(1024, 7) })),
      base64Url(Buffer.alloc(1024, 7)),
    ),
    changed('credential', 'no credential', none(header(0x05))),
    changed('credential', 'a flag for a credential that is not there', none(header(0x45))),
    changed('length', 'a byte behind the credential', none(authData(0x45, { tail: Buffer.of(0) }))),
    changed('length', 'a flag for extensions that are not there', none(authData(0xc5))),
    changed('none', 'extensions', none(authData(0xc5, { tail: EXTENSIONS }))),
    changed(
      'length',
      'a byte behind the extensions',
      none(authData(0xc5, { tail: Buffer.concat([EXTENSIONS, Buffer.of(0)]) })),
    ),
    changed('algorithm', 'a key that is no key', none(authData(0x45, { cose: encodeCbor(new Map([[1, 2]])) }))),
    changed(
      'algorithm',
      'an algorithm that was not offered',
      none(
        authData(0x45, {
          cose: encodeCbor(
            new Map<unknown, unknown>([
              [1, 2],
              [3, -47],
              [-1, 8],
              [-2, Buffer.alloc(32, 1)],
              [-3, Buffer.alloc(32, 2)],
            ]),
          ),
        }),
      ),
    ),
    changed('attestation', 'a format that is not known', object('fancy', new Map(), authData())),
    changed('attestation', 'no attestation with a statement', object('none', new Map([['alg', -7]]), authData())),
    changed('attestation', 'self attestation by another key', packed({ key: other.privateKey })),
    changed('attestation', 'self attestation with another algorithm', packed({ alg: type === 'P-256' ? -257 : -7 })),
    changed('attestation', 'self attestation without a signature', packed({ signature: Buffer.alloc(0) })),
    changed(
      'attestation',
      'self attestation over other bytes',
      packed({
        data: authData(0x45, { rpId: 'evil.example' }),
        signature: signed(type, key.privateKey, Buffer.concat([authData(), sha256(clientData)])),
      }),
    ),
    changed('cbor', 'a format that is not text', object(1, new Map(), authData())),
    changed(
      'cbor',
      'authenticator data that is text',
      encodeCbor(
        new Map<unknown, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', 'x'],
        ]),
      ),
    ),
    changed('cbor', 'a byte behind the object', Buffer.concat([none(authData()), Buffer.of(0)])),
    changed('cbor', 'cut off', none(authData()).subarray(0, -1)),
    changed('cbor', 'nothing', Buffer.alloc(0)),
  ];
};

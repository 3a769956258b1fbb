import { expect, test } from 'vitest';
import {
  createOpeningChannel,
  createSealingChannel,
  type Envelope,
  parseEnvelope,
  type SecretIdentity,
  sealBroadcast,
} from './envelope';
import { newAgreementKey, newSigningKey, rawPublicKey } from './keys';

const identity = (node: number): SecretIdentity & { keys: { signingKey: string; agreementKey: string } } => {
  const signing = newSigningKey();
  const agreement = newAgreementKey();
  return {
    node,
    signingKey: signing.privateKey,
    agreementKey: agreement.privateKey,
    keys: { signingKey: rawPublicKey(signing.publicKey), agreementKey: rawPublicKey(agreement.publicKey) },
  };
};
const [one, two, three] = [identity(1), identity(2), identity(3)];
const ceremonyId = 'ab'.repeat(32);
const header = {
  v: 1,
  kind: 'sign',
  from: 1,
  to: 2,
  ceremonyId,
  sid: 'cd'.repeat(32),
  round: 1,
  pairEpoch: 4,
  ts: 5,
} as const;
const parsed = (bytes: Uint8Array): Envelope => {
  const envelope = parseEnvelope(bytes);
  if (!envelope) throw new Error('Not an envelope.');
  return envelope;
};
const sealed = () => createSealingChannel(one, { node: 2, ...two.keys }, ceremonyId).seal(header, Buffer.from('body'));
const opening = () => createOpeningChannel(two, { node: 1, ...one.keys }, ceremonyId);
const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString();

test('the receiver reads what the sender sealed, once', () => {
  const channel = opening();
  const envelope = parsed(sealed());
  expect(Buffer.from(envelope.bytes).includes('body')).toBe(false);
  expect(text(channel.open(envelope))).toBe('body');
  expect(channel.open(envelope)).toBeNull();
});

test('a changed byte anywhere makes an envelope void', () => {
  const bytes = sealed();
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    const envelope = parseEnvelope(changed);
    expect(envelope && opening().open(envelope)).toBeNull();
  }
});

test('an envelope opens in no other ceremony, at no other receiver, and under no other sender', () => {
  const envelope = parsed(sealed());
  expect(createOpeningChannel(two, { node: 1, ...one.keys }, '12'.repeat(32)).open(envelope)).toBeNull();
  expect(createOpeningChannel(three, { node: 1, ...one.keys }, ceremonyId).open(envelope)).toBeNull();
  expect(createOpeningChannel(two, { node: 1, ...three.keys }, ceremonyId).open(envelope)).toBeNull();
});

test('a broadcast is signed, readable by all, and counts once', () => {
  const { to: _to, ...rest } = header;
  const envelope = parsed(sealBroadcast({ ...rest, seq: 0 }, Buffer.from('all'), one));
  const channel = opening();
  expect(text(channel.open(envelope))).toBe('all');
  expect(channel.open(envelope)).toBeNull();
});

test('an envelope above 64 KB and a tenth is no envelope', () => {
  const channel = createSealingChannel(one, { node: 2, ...two.keys }, ceremonyId);
  expect(parseEnvelope(channel.seal(header, new Uint8Array(72_089)))).toBeNull();
});

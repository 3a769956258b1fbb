import { verifyAttestation } from '@/lib/authentication/verify-attestation';
import { registrationBody } from '@/lib/contract/auth-registration';
import { parseJson } from '@/lib/contract/json';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { isId } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Decided } from './decision';
import { FULL_ADMIN_NAME } from './full-admin';
import { type Genesis, genesisHash } from './genesis';
import type { NodeEntryInput } from './node-entry';
import type { Change, CredentialRecord } from './records';
import { all, find, put } from './state';
import { permissionVersion } from './version';

const HEX32 = /^[0-9a-f]{64}$/;

/** Whether the document can be the root of an organisation: complete, consistent, nothing else in it. */
const isGenesis = (genesis: Genesis): boolean =>
  genesis.specVersion === 'countersign/1' &&
  isId('organisation', genesis.orgId) &&
  Number.isSafeInteger(genesis.k) &&
  Number.isSafeInteger(genesis.n) &&
  genesis.k >= 2 &&
  genesis.k <= genesis.n &&
  genesis.n <= 16 &&
  genesis.nodes.length === genesis.n &&
  genesis.nodes.every(
    (node, index) => node.node === index + 1 && HEX32.test(node.signingKey) && HEX32.test(node.agreementKey),
  ) &&
  new Set(genesis.nodes.map((node) => node.signingKey)).size === genesis.n &&
  genesis.oracleKeys.every((key) => HEX32.test(key)) &&
  genesis.origins.length > 0 &&
  genesis.firstAdmin.credentials.length > 0 &&
  (genesis.enrolment === 'server' || genesis.enrolment === 'vouched');

/** Entry 0: everything later rests on it. Its body is the genesis in canonical JSON. */
export const decideGenesis = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  if (all(input.state, 'org').length > 0)
    return refused(409, 'genesis.exists', 'The organisation has its genesis already.');
  const genesis = input.body as unknown as Genesis;
  if (!isGenesis(genesis) || canonicalJson(genesis as unknown as Json) !== new TextDecoder().decode(raw))
    return refused(400, 'genesis.malformed', 'The genesis is malformed or not canonical.');
  const { at } = input;
  const { userId, credentials } = genesis.firstAdmin;
  const operations = ['*'];
  const definition = { name: FULL_ADMIN_NAME, operations, isArchived: false };
  const changes: Change[] = [
    put('org', {
      id: genesis.orgId,
      genesisHash: genesisHash(genesis),
      genesis,
      confirmed: false,
      enrolment: genesis.enrolment,
      strict: genesis.strict,
      frozen: false,
    }),
    put('user', {
      id: userId,
      kind: 'CustomerEmployee',
      isServiceAccount: false,
      isActive: true,
      isRegistered: true,
      dateCreated: at,
    }),
    put('permission', {
      ...definition,
      id: genesis.fullAdmin.permissionId,
      isImmutable: true,
      version: permissionVersion(definition),
      dateCreated: at,
      dateUpdated: at,
    }),
    put('assignment', {
      id: genesis.fullAdmin.assignmentId,
      permissionId: genesis.fullAdmin.permissionId,
      identityId: userId,
      isImmutable: false,
      isRevoked: false,
      dateCreated: at,
    }),
    ...credentials.map((credential) =>
      put('credential', {
        ...credential,
        userId,
        name: 'Default Credential',
        isActive: true,
        introduced: true,
        dateCreated: at,
        ...(credential.kind === 'Fido2' ? { rpId: genesis.rpId } : {}),
      }),
    ),
  ];
  return accepted({ changes, result: { kind: 'org', id: genesis.orgId }, status: 200 });
};

type NamedCredential = { readonly id: string; readonly name: string };

/**
 * An invited person registers keys. Under `server` enrolment that introduces them; under `vouched` they stay inert until somebody
 * who may assign permissions vouches over their fingerprints (design §4.3).
 */
export const decideRegistration = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  const { state, leaf, at, ports } = input;
  const org = all(state, 'org')[0];
  const userId = typeof leaf.effects.userId === 'string' ? leaf.effects.userId : '';
  const challenge = typeof leaf.effects.challenge === 'string' ? leaf.effects.challenge : '';
  const user = find(state, 'user', userId);
  if (!org || !user?.isActive || user.isServiceAccount) return refused(404, 'user.not_found', 'user not found');
  if (user.isRegistered) return refused(401, 'registration.done', 'User already exists.');
  const json = parseJson(raw);
  const parsed = json.ok ? registrationBody.safeParse(json.value) : null;
  if (!parsed?.success || challenge === '')
    return refused(400, 'registration.malformed', 'The registration is malformed.');
  const { firstFactorCredential, secondFactorCredential, recoveryCredential } = parsed.data;
  const given = [firstFactorCredential, secondFactorCredential, recoveryCredential].filter(
    (item) => item !== undefined,
  );
  const named = (leaf.effects.credentials ?? []) as unknown as readonly NamedCredential[];
  if (named.length !== given.length) return refused(400, 'registration.malformed', 'The registration is malformed.');
  if (new Set(named.map((item) => item.id)).size !== named.length)
    return refused(409, 'ledger.id_used', 'Two credentials of a registration have one id.');
  const changes: Change[] = [put('user', { ...user, isRegistered: true })];
  const credIds = new Set(all(state, 'credential').map((item) => item.credId));
  for (const [index, credential] of given.entries()) {
    const { id, name } = named[index] as NamedCredential;
    const attested = verifyAttestation({
      attestation: credential as Parameters<typeof verifyAttestation>[0]['attestation'],
      challenge,
      rpId: org.genesis.rpId,
      origins: org.genesis.origins,
      verify: ports.verifyCredential,
    });
    if (!attested.ok) return attested;
    if (!isId('credential', id) || find(state, 'credential', id))
      return refused(409, 'ledger.id_used', `The id ${id} was used before.`);
    if (credIds.has(attested.value.credId))
      return refused(409, 'credential.duplicate', 'This credential is registered already.');
    credIds.add(attested.value.credId);
    const { credId, publicKey, kind, origin } = attested.value;
    const record: CredentialRecord = {
      id,
      credId,
      userId,
      kind,
      publicKey,
      name: String(name),
      isActive: true,
      introduced: org.enrolment === 'server',
      dateCreated: at,
      ...(kind === 'Fido2' ? { rpId: org.genesis.rpId, ...(origin ? { origin } : {}) } : {}),
    };
    changes.push(put('credential', record));
  }
  return accepted({ changes, result: { kind: 'user', id: userId }, status: 200 });
};

import { codeHash, newShortCode } from '@/lib/authentication/organisations';
import type { CodeRow } from '@/lib/authentication/ports';
import type { CredentialKind } from '@/lib/authentication/statement';
import { type Attestation, verifyAttestation } from '@/lib/authentication/verify-attestation';
import { toTimestamp } from '@/lib/contract/fields';
import { originsOf } from '@/lib/ledger/org-settings';
import { challengeInvalid, credentialChallengeView, issueChallenge, signingCredentials } from '../challenges';
import { inBackground, invalidCode } from '../codes';
import { callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import { attempted, attemptId } from '../lockout';
import { newCredentialMail } from '../mails';
import { noteAttested } from '../new-credentials';
import { submit } from '../submit';
import { credentialViews } from '../views/identities';

/** Allows one further credential from another device. The code is told once and kept as a hash. */
const createCredentialCode: Handler = async (request, services) => {
  const { org, user } = callerOf(request);
  const { result } = await submit(request, services);
  const record = await services.getRecord(org.id, 'credentialCode', result.id);
  if (!record) throw new Error('A code has its record.');
  const code = newShortCode(services.random);
  const expiresAt = new Date(record.expiresAt);
  const row = { id: record.id, orgId: org.id, userId: user.id, hash: codeHash(code), expiresAt };
  await services.identity.createCode({ ...row, purpose: 'credential' });
  return { body: { code, expiration: toTimestamp(record.expiresAt) } };
};

const createCredentialChallengeWithCode: Handler = async (request, services) => {
  const { credentialKind: kind, code } = request.body as { credentialKind: CredentialKind; code: string };
  // Nobody is named: what counts is where the codes are tried from.
  const attempt = attemptId({ kind: 'code', orgId: '', who: '', address: request.address });
  const { id, orgId, userId, expiresAt } = await attempted<CodeRow>(
    attempt,
    services,
    async () =>
      (await services.identity.tryCode('credential', codeHash(code), new Date(services.now()))) ??
      orRefuse(invalidCode()),
  );
  const row = await issueChallenge(
    { purpose: 'credentialCode', orgId, userId, allowCredentials: [id], expiresAt },
    services,
  );
  const username = (await services.identity.findPerson(orgId, userId))?.username ?? '';
  const existing = signingCredentials(await services.loadGovernance(orgId), userId);
  return { body: credentialChallengeView({ kind, userId, username, row, existing }, services.settings) };
};

/** The new credential answers its challenge; the code is spent only by one that holds. */
const createCredentialWithCode: Handler = async (request, services) => {
  const body = request.body as Attestation & { readonly challengeIdentifier: string };
  const now = new Date(services.now());
  const row = await services.identity.findChallenge(body.challengeIdentifier, 'credentialCode', now);
  const [codeId] = row?.allowCredentials ?? [];
  if (!row?.userId || !codeId) return orRefuse(challengeInvalid());
  const { orgId, userId, challenge } = row;
  const org = await services.getRecord(orgId, 'org', orgId);
  if (!org) return orRefuse(challengeInvalid());
  const { rpId } = org.genesis;
  const origins = originsOf(org);
  const input = { attestation: body, challenge, rpId, origins, verify: services.verifyCredential };
  const attested = orRefuse(verifyAttestation(input));
  if (!(await services.identity.consumeChallenge(row.id, now))) return orRefuse(challengeInvalid());
  if (!(await services.identity.consumeCode(codeId, now))) return orRefuse(invalidCode());
  const effects = { codeId, userId, challenge };
  orRefuse(await services.ledger.append({ orgId, kind: 'credentialByCode', body: request.bytes, effects }));
  await noteAttested(codeId, attested, services);
  const person = await services.identity.findPerson(orgId, userId);
  if (person) inBackground(services, () => services.sendMail(newCredentialMail(person.username)));
  const credential = await services.getRecord(orgId, 'credential', codeId);
  return { body: credential && (await credentialViews([credential], services))[0] };
};

export const CREDENTIAL_CODE_HANDLERS: Handlers = {
  'auth.createCredentialCode': createCredentialCode,
  'auth.createCredentialChallengeWithCode': createCredentialChallengeWithCode,
  'auth.createCredentialWithCode': createCredentialWithCode,
};

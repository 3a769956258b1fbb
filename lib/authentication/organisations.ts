import { sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { newId, type RandomBytes } from '@/lib/domain/ids';
import type { Enrolment, IdentityStore } from './ports';

type Deps = { readonly identity: IdentityStore; readonly random: RandomBytes; readonly now: () => number };

/** How long a registration code is good for. */
const CODE_LIFE_MS = 7 * 86_400_000;
/** How long the one-time set-up link is good for. */
const SETUP_LIFE_MS = 86_400_000;

export type Invitation = {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  readonly registrationCode: string;
};

/**
 * Prepares an organisation and invites its first administrator. It exists for signers only once that person has registered:
 * the genesis names their key.
 */
export const createOrganisation = async (
  input: { readonly name: string; readonly username: string; readonly enrolment: Enrolment },
  deps: Deps,
): Promise<Invitation> => {
  const { name, username, enrolment } = input;
  const orgId = newId('organisation', deps.random);
  const userId = newId('user', deps.random);
  await deps.identity.createOrganisation({ id: orgId, name, enrolment });
  await deps.identity.createPerson({ userId, orgId, username, externalId: null });
  return { orgId, userId, username, registrationCode: await issueRegistrationCode({ orgId, userId }, deps) };
};

/** Makes a person's only valid registration code, `xxxx-xxxx-xxxx-xxxx` with 80 random bits. */
export const issueRegistrationCode = async (
  person: { readonly orgId: string; readonly userId: string },
  deps: Deps,
): Promise<string> => {
  const code = newCode(deps.random);
  await deps.identity.replaceRegistrationCode({
    orgId: person.orgId,
    userId: person.userId,
    hash: codeHash(code),
    expiresAt: new Date(deps.now() + CODE_LIFE_MS),
  });
  return code;
};

/** `xxxx-xxxx-xxxx-xxxx` with 80 random bits, as mails carry it. */
export const newCode = (random: RandomBytes): string => inGroups(random, 16, 4);

/** `XXX-XXX-XXX` with 45 random bits, good for a minute: read from one screen and typed on another. */
export const newShortCode = (random: RandomBytes): string => inGroups(random, 9, 3).toUpperCase();

const inGroups = (random: RandomBytes, length: number, group: number): string =>
  Array.from(random(length), (byte, at) => `${at > 0 && at % group === 0 ? '-' : ''}${ALPHABET[byte & 31]}`).join('');

/** What of a code is kept. */
export const codeHash = (code: string): string => sha256Hex(utf8ToBytes(code.trim().toLowerCase()));

/** Where a person registers. The code stands in the fragment, which browsers send to nobody. */
export const registrationUrl = (
  publicUrl: string,
  { orgId, username, registrationCode }: Omit<Invitation, 'userId'>,
): string => `${publicUrl}/console/register#${new URLSearchParams({ orgId, username, code: registrationCode })}`;

/** Makes the one-time token of the set-up link, or nothing once there is an organisation. Earlier unused ones stay valid a day. */
export const createSetupToken = async (deps: Deps): Promise<string | undefined> => {
  if ((await deps.identity.countOrganisations()) > 0) return undefined;
  const token = Array.from(deps.random(32), (byte) => ALPHABET[byte & 31]).join('');
  await deps.identity.createSetupToken(codeHash(token), new Date(deps.now() + SETUP_LIFE_MS));
  return token;
};

// Without l, o, y and z: read aloud, they are taken for others.
const ALPHABET = '0123456789abcdefghijkmnpqrstuvwx';

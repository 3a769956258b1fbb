import { z } from 'zod';
import { timestamp } from './fields';

/** Who asked: the user, and the token used if it was not a login session. */
export const requester = z.object({ userId: z.string(), tokenId: z.string().optional() });

const changeRequest = <K extends string, O extends string, B extends z.ZodType>(
  kind: K,
  operationKinds: readonly [O, ...O[]],
  body: B,
) =>
  z.object({
    id: z.string(),
    requester: requester.extend({ appId: z.string().optional() }),
    kind: z.literal(kind),
    operationKind: z.enum(operationKinds),
    status: z.enum(['Pending', 'Applied', 'Rejected', 'Failed']),
    entityId: z.string(),
    dateCreated: timestamp,
    dateResolved: timestamp.optional(),
    approvalId: z.string().optional(),
    body,
  });

/** A change of a permission that waits for approval; the body is the full resulting permission. Contract §3.4. */
export const permissionChangeRequest = changeRequest(
  'Permission',
  ['Update'],
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.literal('Active'),
    operations: z.array(z.string()),
    isImmutable: z.boolean(),
    isArchived: z.boolean(),
  }),
);

/** What a role asks of the proof with which it is used (our addition). Both off: no rules. */
export const roleRules = z.strictObject({
  /** Only a passkey that never leaves its device counts. */
  hardwareBoundOnly: z.boolean(),
  /** The holder's authenticator verified them at most so many minutes ago: for a change, with its own signature. */
  reauthenticateMinutes: z.number().int().min(1).max(43_200).nullable(),
});

/** Rules of a role that wait for approval. */
export const roleRulesChangeRequest = changeRequest('RoleRules', ['Update'], roleRules);

/** An assignment or revocation that waits for approval; on `Create` the id is the one the assignment will have. */
export const assignmentChangeRequest = changeRequest(
  'Assignment',
  ['Create', 'Delete'],
  z.object({ id: z.string(), permissionId: z.string(), identityId: z.string(), isImmutable: z.boolean() }),
);

/** A change of a policy that waits for approval; archiving shows `status: 'Archived'` in the body. */
export const policyChangeRequestOf = <B extends z.ZodType>(policy: B) => changeRequest('Policy', ['Update'], policy);

/** The step to `vouched` enrolment that waits for approval (our addition, design §4.3). There is no way back. */
export const enrolmentChangeRequest = changeRequest(
  'Enrolment',
  ['Update'],
  z.object({ enrolment: z.literal('vouched') }),
);

const minutes = (least: number) => z.number().int().min(least).max(43_200).nullable();

/** What an organisation sets for itself after its genesis: all of it at once. */
export const orgSettings = z.strictObject({
  strict: z.boolean(),
  /** Origins from which passkeys sign; all of the organisation's relying party. */
  origins: z
    .array(z.string().max(256))
    .min(1)
    .max(20)
    .refine((list) => new Set(list).size === list.length, 'an origin twice'),
  /** They only shorten the operator's limits; null for none of the organisation's own. */
  sessions: z.strictObject({ lifeMinutes: minutes(5), idleMinutes: minutes(1) }),
});

/** Other settings of the organisation that wait for approval (our addition, design §4.3). */
export const settingsChangeRequest = changeRequest('Settings', ['Update'], orgSettings);

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in hex`);

/** A signer node's certificate: identity key (Ed25519) and key-agreement key (X25519) in hex, and what else it says of itself. */
export const nodeCertificate = z.strictObject({
  node: z.number().int().min(1).max(64),
  signingKey: hex(32),
  agreementKey: hex(32),
  region: z.string().max(64),
  specVersion: z.string().max(40).optional(),
});

/** `Renewal`: the node keeps its store; `Replacement`: the store is lost, and with it its shares of all keys made before. */
export const certificateBody = z.strictObject({
  kind: z.enum(['Renewal', 'Replacement']),
  certificate: nodeCertificate,
  /** Signature by the certificate's identity key, as the node prints it. */
  proof: hex(64),
});

/** Another certificate of a signer node that waits for approval (our addition, design §4.3). */
export const certificateChangeRequest = changeRequest(
  'NodeCertificate',
  ['Update'],
  z.object({ kind: z.enum(['Renewal', 'Replacement']), certificate: nodeCertificate, replaced: nodeCertificate }),
);

/** Tags of a wallet to take away, which waits for approval (our addition, design §6): policies may go by them. */
export const tagsChangeRequest = changeRequest(
  'WalletTags',
  ['Delete'],
  z.object({ walletId: z.string(), remove: z.array(z.string()) }),
);

/** A wish to un-freeze that waits for approval (our addition, design §6). */
export const unfreezeChangeRequest = changeRequest('Freeze', ['Delete'], z.object({ walletId: z.string().optional() }));

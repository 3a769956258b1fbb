import type { OrganisationRow } from '@/lib/authentication/ports';
import type { AttestedCredential } from '@/lib/authentication/verify-attestation';
import type { Json } from '@/lib/domain/canonical-json';
import { newId } from '@/lib/domain/ids';
import type { Genesis, GenesisCredential } from '@/lib/ledger/genesis';
import { orRefuse } from './handler';
import type { Services } from './services';

/** A credential that proved itself, with the id and name it gets. */
export type NamedCredential = AttestedCredential & {
  readonly id: string;
  readonly name: string;
  readonly encryptedPrivateKey?: string;
};

/**
 * Writes the genesis of an organisation: the nodes and rules it is bound to for ever, and the first administrator's keys, whose
 * first user action signs it (design §4.3).
 */
export const found = async (
  input: {
    readonly organisation: OrganisationRow;
    readonly userId: string;
    readonly credentials: readonly NamedCredential[];
  },
  services: Services,
): Promise<void> => {
  const { settings, random, now } = services;
  const { id: orgId, enrolment } = input.organisation;
  const { nodes, oracleKeys } = orRefuse(await services.founders());
  const genesis: Genesis = {
    specVersion: 'countersign/1',
    orgId,
    rpId: settings.rpId,
    origins: settings.origins,
    k: settings.threshold,
    n: settings.signers,
    nodes,
    oracleKeys,
    firstAdmin: { userId: input.userId, credentials: input.credentials.map(genesisCredential) },
    fullAdmin: { permissionId: newId('permission', random), assignmentId: newId('assignment', random) },
    enrolment,
    strict: false,
    createdAt: now(),
  };
  orRefuse(await services.ledger.append({ orgId, kind: 'genesis', body: genesis as unknown as Json }));
  await services.identity.markFounded(orgId, new Date(now()));
};

const genesisCredential = (credential: NamedCredential): GenesisCredential => {
  const { id, kind, credId, publicKey, encryptedPrivateKey, backup } = credential;
  return {
    id,
    kind,
    credId,
    publicKey,
    ...(encryptedPrivateKey ? { encryptedPrivateKey } : {}),
    ...(backup ? { isBackupEligible: backup.isEligible } : {}),
  };
};

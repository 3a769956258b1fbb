import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { decideEntry } from '../decide';
import { statementId } from '../statement-check';
import { TEST_PORTS } from './ports';
import { type Params, type Placed, type Signer, signRequest } from './requests';
import { createWorld, type World } from './world';

/** What a credential holder signed: the operation, its parameters and body, by the statement's id. */
export type SignedAct = {
  readonly signer: Signer;
  readonly operationId: string;
  readonly params: Params;
  readonly body: Json;
};

export const createCast = (enrolment: 'server' | 'vouched', seed: string) => {
  const world = createWorld({ enrolment, seed });
  const signed = new Map<string, SignedAct>();
  const credentials = new Set<string>([`${world.admin.userId} ${world.admin.credential.credId}`]);
  const signers: Signer[] = [world.admin];
  /** Enters what an honest server would; what the rules refuse leaves no entry. */
  const tryPlace = (placed: Placed) => {
    const decided = decideEntry(world.state, placed.leaf, placed.body, TEST_PORTS);
    if (!decided.ok) return null;
    world.place(placed);
    return placed.leaf.effects as { readonly [name: string]: string };
  };
  const drawn = new Map<string, Uint8Array[]>();
  const act = (signer: Signer, operationId: string, params: Params = {}, body: Json = {}, query: Params = {}) => {
    const bytes: Uint8Array[] = [];
    const random = (length: number) => {
      const made = world.random(length);
      bytes.push(made);
      return made;
    };
    const placed = signRequest({
      state: world.state,
      signer,
      operationId,
      params,
      body,
      at: world.now(),
      random,
      query,
    });
    const id = placed.leaf.statement ? statementId(placed.leaf.statement) : '';
    signed.set(id, { signer, operationId, params, body });
    // The first are the statement's nonce.
    drawn.set(id, bytes.slice(1));
    return tryPlace(placed);
  };
  const node = (...input: Parameters<World['nodeEntry']>) => tryPlace(world.nodeEntry(...input));
  const hold = (userId: string, credential: SoftwareCredential) => credentials.add(`${userId} ${credential.credId}`);
  return { world, signed, drawn, credentials, signers, act, node, hold };
};
export type Cast = ReturnType<typeof createCast>;

export const invite = ({ world, act }: Cast): string =>
  act(world.admin, 'auth.createUser', {}, { email: 'someone@wallets.test', kind: 'CustomerEmployee' })?.userId ?? '';

export const person = (cast: Cast, type: 'P-256' | 'Ed25519'): Signer => {
  const { world } = cast;
  const userId = invite(cast);
  const credential = softwareKey(type);
  const id = world.id('credential');
  const body = { firstFactorCredential: credential.attest('registration') as unknown as Json };
  cast.node('registration', body, {
    effects: { userId, challenge: 'registration', credentials: [{ id, name: 'Key' }] },
  });
  if (world.genesis.enrolment === 'vouched')
    cast.act(
      world.admin,
      'x.vouchUser',
      { userId },
      { credentialUuid: id, fingerprint: keyFingerprint(credential.publicKey) },
    );
  cast.hold(userId, credential);
  const signer = { userId, credential };
  cast.signers.push(signer);
  return signer;
};

export const grant = ({ world, act }: Cast, userId: string, operations: readonly string[]): void => {
  const name = `role ${world.items.length}`;
  const { permissionId = '' } = act(world.admin, 'permissions.createPermission', {}, { name, operations }) ?? {};
  act(world.admin, 'permissions.createAssignment', { permissionId }, { identityId: userId });
};

export const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Somebody of the people who is not the administrator twice as often as the administrator. */
export const someone = ({ signers, world }: Cast, index: number): Signer => pick(signers, index) ?? world.admin;
export const others = ({ signers }: Cast, from: number): string[] => {
  const users = [...new Set(signers.slice(1).map((signer) => signer.userId))];
  return users.slice(from % Math.max(1, users.length)).concat(users.slice(0, from % Math.max(1, users.length)));
};

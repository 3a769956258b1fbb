import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import type { SignedScreening } from '@/lib/evidence/screening';
import { concernedWallets } from '../concerned-wallets';
import { decideEntry } from '../decide';
import type { Effects } from '../entry';
import { ACTIVITY_KIND_OF, intentOf } from '../intent';
import { outgoingTransfer, vendorsAsked } from '../screening';
import { find } from '../state';
import { statementId } from '../statement-check';
import type { testOracle } from './oracle';
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

/** What an oracle signed for a request: its price, and what vendors said of the transfer. */
export type Served = { readonly price?: SignedPrice; readonly screening?: readonly SignedScreening[] };

/** @param oracle Whose facts go with requests; without one nobody knows prices or screenings. */
export const createCast = (enrolment: 'server' | 'vouched', seed: string, oracle?: ReturnType<typeof testOracle>) => {
  const world = createWorld({ enrolment, seed, ...(oracle ? { oracleKeys: [oracle.publicKey] } : {}) });
  const served = new Map<string, Served>();
  /** What an honest server asks the oracle before it enters a request for a wallet's signature. */
  const factsFor = (operationId: string, walletId: string | undefined, body: Json): Served => {
    const { state } = world;
    const kind = ACTIVITY_KIND_OF[operationId];
    const wallet = walletId === undefined ? undefined : find(state, 'wallet', walletId);
    const rules = wallet && TEST_PORTS.chainRules(wallet.network);
    if (!oracle || !kind || !wallet || !rules) return {};
    const intent = intentOf(kind, wallet, body as Parameters<typeof intentOf>[2]);
    const transfer = outgoingTransfer(state, wallet, rules.explainIntent(intent, null));
    const { keyId, network } = wallet;
    const concerned = concernedWallets(state, { kind, keyId, walletId: wallet.id, network });
    const asked = transfer ? vendorsAsked(state, 'Wallets:Sign', concerned, world.now()) : [];
    // Now and then a vendor holds much against a transfer, does not answer the oracle, or the oracle is not there.
    const draw = world.random(1)[0] ?? 0;
    const screening = asked.flatMap(({ vendor }) => {
      if (!transfer || draw % 5 === 0) return [];
      const outcome = draw % 5 === 1 ? 'failed' : 'screened';
      return [oracle.screening(transfer, world.now(), { vendor, outcome, score: draw % 100 })];
    });
    return {
      ...(rules.quotedAsset(intent) && draw % 7 > 0 ? { price: oracle.price(network, world.now()) } : {}),
      ...(screening.length > 0 ? { screening } : {}),
    };
  };
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
    const facts = factsFor(operationId, params.walletId, body);
    const signedRequest = { state: world.state, signer, operationId, params, body, at: world.now(), random, query };
    const placed = signRequest(signedRequest, { effects: facts as unknown as Effects });
    const id = placed.leaf.statement ? statementId(placed.leaf.statement) : '';
    served.set(id, facts);
    signed.set(id, { signer, operationId, params, body });
    // The first are the statement's nonce.
    drawn.set(id, bytes.slice(1));
    return tryPlace(placed);
  };
  const node = (...input: Parameters<World['nodeEntry']>) => tryPlace(world.nodeEntry(...input));
  const hold = (userId: string, credential: SoftwareCredential) => credentials.add(`${userId} ${credential.credId}`);
  return { world, signed, drawn, served, oracle, credentials, signers, act, node, hold };
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

import { generateKeyPairSync } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { hashBody, type Statement, statementChallenge } from '@/lib/authentication/statement';
import { softwareKey, softwarePasskey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { bytesToHex, sha256, utf8ToBytes } from '@/lib/domain/hash';
import { priceHash } from '@/lib/evidence/checkpoint';
import { type ScreeningFact, screeningHash } from '@/lib/evidence/screening';
import { ORIGIN } from '@/lib/ledger/testing/chain';
import { ALWAYS, asks, BLOCK, countLimit } from '@/lib/ledger/testing/people';
import type { Forgery, Placed, Signer } from '@/lib/ledger/testing/requests';
import { BOB, MALLORY } from '@/lib/ledger/testing/signing';
import { activityIdOf } from '@/lib/ledger/testing/world';
import type { Finding } from '@/lib/policy/screening';
import { verifying } from '@/lib/verifying-client/verifying';
import type { SignResult } from './ceremony';
import { seduce } from './lying-server';
import { openScene, type Scene } from './scene';
import type { Stage } from './stage';
import { walletOf } from './wallet';

/** What was honestly asked for, and what the attacker would rather have. */
export const HONEST = { kind: 'Native', to: BOB, amount: '5' };
export const LOOT = { kind: 'Native', to: MALLORY, amount: '1000000000000000000' };

/** A request for a transfer, not yet in the ledger. */
const requestOf =
  ({ world }: Scene, walletId: string) =>
  (signer: Signer, body: { [name: string]: Json } = HONEST, forgery: Forgery = {}): Placed =>
    world.request(signer, 'wallets.transferAsset', { walletId }, body, forgery);

const withWallet = async (scene: Scene) => {
  const walletId = await scene.wallet();
  return { scene, world: scene.world, request: requestOf(scene, walletId), ...walletOf(scene, walletId) };
};

/** One wallet without policies, and a request nobody has to approve. */
const payment = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage));
  const id = activityIdOf(base.world.transfer(base.walletId));
  await base.scene.feed();
  return { ...base, id };
};

/** The same, reserved and witnessed: all that is missing is the ceremony. */
const reserved = async (stage: Stage) => {
  const base = await payment(stage);
  base.reserve(base.id);
  return { ...base, head: await base.scene.witness() };
};

const GWEI = 1_000_000_000n;
/** Fees that outbid those of every scene, inside the ceiling. */
export const DEARER = { maxFeePerGas: 30n * GWEI, maxPriorityFeePerGas: 2n * GWEI };

/** A payment that waits in the mempool, and the request to speed it up. */
const stuck = async (stage: Stage) => {
  const base = await payment(stage);
  const { world, scene, walletId, id, take, bytesOf, digest } = base;
  const { signature, refusals } = await take(id);
  if (!signature) throw new Error(`An honest request was not signed: ${JSON.stringify(refusals)}`);
  const released = { activityId: id, digest: digest(bytesOf(HONEST)), signature: { ...signature } };
  world.append('release', released);
  world.broadcast(id);
  const faster = world.act(world.admin, 'wallets.speedUpTransfer', { walletId, transferId: id }, {});
  await scene.feed();
  return { ...base, original: id, id: activityIdOf(faster) };
};

/** Two must approve; the request waits for both. */
const approvals = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage));
  const { world, scene, walletId } = base;
  const [ann, ben] = [world.approver(), world.approver()];
  const policyId = world.policy(ALWAYS, asks([ann.userId, ben.userId], 2, { autoRejectTimeout: 20 }));
  const id = activityIdOf(world.transfer(walletId));
  await scene.feed();
  const approvalOf = (activityId: string): string => world.activity(activityId).approvalId ?? '';
  return { ...base, ann, ben, policyId, id, approvalOf, approvalId: approvalOf(id) };
};

/** One request an hour. */
const limit = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage));
  const { world, scene, walletId } = base;
  world.policy(countLimit(1), BLOCK);
  await scene.witness();
  const ask = (dt = 0): string => {
    const at = world.now() + dt;
    return activityIdOf(world.transfer(walletId, {}, world.admin, { at, statement: { expiresAt: at + 300_000 } }));
  };
  return { ...base, ask };
};

/** The same, and an approver whose decision must come within 20 minutes. */
const approvedLimit = async (stage: Stage) => {
  const base = await limit(stage);
  const { world } = base;
  const voter = world.approver();
  world.policy(ALWAYS, asks([voter.userId], 1, { autoRejectTimeout: 20 }));
  const approvalOf = (activityId: string): string => world.activity(activityId).approvalId ?? '';
  return { ...base, voter, approvalOf };
};

const ORACLE = sha256(utf8ToBytes('the oracle of the attack suite'));
const ORACLE_KEY = bytesToHex(ed25519.getPublicKey(ORACLE));

export type PriceForgery = {
  readonly usd?: string;
  readonly decimals?: number;
  readonly at?: number;
  readonly asset?: string;
  readonly network?: string;
  /** Changed after the oracle signed. */
  readonly after?: { readonly [name: string]: Json };
  readonly secretKey?: Uint8Array;
};

/** Above 100 dollars somebody must approve; one unit is worth 3000. */
const price = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage, { oracleKeys: [ORACLE_KEY] }));
  const { world, scene } = base;
  const ann = world.approver();
  const rule = { kind: 'TransactionAmountLimit', configuration: { limit: 100, currency: 'USD' } };
  world.policy(rule, asks([ann.userId]));
  await scene.feed();
  /** A transfer with the price beside it, as signed by the oracle or as forged. */
  const priced = (amount: string, forgery: PriceForgery = {}): string => {
    const { usd = '3000', decimals = 18, at = world.now(), asset = 'native', network = base.network } = forgery;
    const { secretKey = ORACLE, after = {} } = forgery;
    const said = { network, asset, decimals, usd, at };
    const signature = bytesToHex(ed25519.sign(priceHash(said), secretKey));
    const oracleKey = bytesToHex(ed25519.getPublicKey(secretKey));
    const effects = { price: { ...said, oracleKey, signature, ...after } };
    return base.enter(base.request(world.admin, { kind: 'Native', to: MALLORY, amount }, { effects }));
  };
  return { ...base, ann, priced };
};
export const ONE_UNIT = '1000000000000000000';
const ONE_CENT = '10000000000000';

export type ScreeningForgery = Partial<ScreeningFact> & {
  /** Changed after the oracle signed. */
  readonly after?: { readonly [name: string]: Json };
  readonly secretKey?: Uint8Array;
};
const LISTED: Finding = { kind: 'alert', level: 'SEVERE', category: 'sanctions', categoryId: 3 };
/** What the oracle says of Mallory. */
export const HIT = { findings: [LISTED] } as const;

const screenedBy = (skip: boolean): Json => ({
  kind: 'ChainalysisTransactionPrescreening',
  configuration: {
    alerts: { alertLevel: 'HIGH', categoryIds: [] },
    exposures: { direct: { categoryIds: [] } },
    addresses: { categoryIds: [] },
    fallbackBehaviours: {
      skipUnscreenableTransaction: skip,
      skipUnsupportedNetwork: skip,
      skipUnsupportedAsset: skip,
      skipChainalysisFailure: skip,
    },
  },
});

/** Who is on the vendor's list gets nothing. */
const screening = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage, { oracleKeys: [ORACLE_KEY] }));
  const { world, scene, network, address } = base;
  const ann = world.approver();
  const policyId = world.policy(screenedBy(false), BLOCK);
  await scene.feed();
  const replaced = (rule: Json, action: Json): void => {
    const definition = { name: 'a policy', activityKind: 'Wallets:Sign', rule, action };
    world.done(world.admin, 'policies.updatePolicy', { policyId }, definition);
  };
  /** The oracle's answer about the loot, as signed or as forged. */
  const fact = ({ after = {}, secretKey = ORACLE, ...more }: ScreeningForgery = {}): Json => {
    const transfer = { network, asset: 'native', from: address.toLowerCase(), to: MALLORY, amount: LOOT.amount };
    const said = { vendor: 'Chainalysis', outcome: 'screened', sources: ['a source'], findings: [] } as const;
    const signed: ScreeningFact = {
      orgId: world.orgId,
      direction: 'outgoing',
      reference: '',
      ...transfer,
      ...said,
      at: world.now(),
      ...more,
    };
    const signature = bytesToHex(ed25519.sign(screeningHash(signed), secretKey));
    return { ...signed, oracleKey: ORACLE_KEY, signature, ...after } as unknown as Json;
  };
  const screened = (forgeries: readonly ScreeningForgery[], body: { [name: string]: Json } = LOOT): string =>
    base.enter(base.request(world.admin, body, { effects: { screening: forgeries.map((forgery) => fact(forgery)) } }));
  return {
    ...base,
    ann,
    fact,
    screened,
    /** From now on the policy lets pass whatever it may. */
    lenient: () => replaced(screenedBy(true), BLOCK),
    /** From now on the policy asks Ann. */
    asking: () => replaced(screenedBy(false), asks([ann.userId])),
    renew: (activityId: string, facts: readonly Json[]) =>
      world.append('screening', { activityId }, { effects: { screening: [...facts] } }),
  };
};

const RP = { rpId: 'wallets.test', origin: ORIGIN };

/** Cat may ask for transfers, with a passkey. */
const passkey = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage));
  const { world, scene } = base;
  const keys = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), id: Buffer.from(world.random(32)) };
  const key = (changes: Partial<Parameters<typeof softwarePasskey>[0]> = {}) =>
    softwarePasskey({ ...RP, keys, ...changes });
  const cat = world.register(key());
  world.grant(cat.userId, ['Wallets:Transfers:Create']);
  await scene.feed();
  /** Her request, asserted by an authenticator or a page that is not hers in some way. */
  const asked = (changes: Parameters<typeof key>[0], body: { [name: string]: Json } = LOOT): Placed =>
    base.request(cat, body, { assertion: key(changes).assert });
  return { ...base, cat, key, asked };
};

/** Whoever is invited counts only once an administrator vouches for the key; Dan has registered, and nobody has. */
const vouched = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage, { enrolment: 'vouched' }));
  const { world, scene, walletId } = base;
  const dan = world.register();
  world.grant(dan.userId, ['Policies:Approvals:Approve', 'Wallets:Transfers:Create']);
  world.policy(ALWAYS, asks([dan.userId]));
  const id = activityIdOf(world.transfer(walletId));
  await scene.feed();
  const vouch = (by: Signer, forgery: Forgery = {}, fingerprint = keyFingerprint(dan.credential.publicKey)) =>
    world.act(by, 'x.vouchUser', { userId: dan.userId }, { credentialUuid: dan.credentialId, fingerprint }, forgery);
  return { ...base, dan, id, vouch, approvalId: world.activity(id).approvalId ?? '' };
};

/** A wallet that belongs to an end user; a service account that may do everything with wallets introduced them. */
const endUser = async (stage: Stage) => {
  const scene = await openScene(stage);
  const { world } = scene;
  const introducer = world.serviceAccount(['Auth:Register:Delegated', 'Wallets:Sign']);
  const end = world.endUser(introducer);
  const walletId = await scene.wallet(world.admin, { delegateTo: end.userId });
  const request = requestOf(scene, walletId);
  await scene.feed();
  return { scene, world, introducer, end, request, ...walletOf(scene, walletId) };
};

/** Cat may ask for transfers, and has tokens: one that may too, one for ten minutes, one that may only read. */
const token = async (stage: Stage) => {
  const base = await withWallet(await openScene(stage));
  const { world, scene, walletId } = base;
  const cat = world.register();
  const owner = world.grant(cat.userId, ['Auth:Pats:Create', 'Wallets:Transfers:Create', 'Wallets:Read']);
  const paying = world.token(cat, ['Wallets:Transfers:Create']);
  const brief = world.token(cat, ['Wallets:Transfers:Create'], { secondsValid: 600 });
  const reading = world.token(cat, ['Wallets:Read']);
  const id = activityIdOf(world.transfer(walletId, {}, paying));
  await scene.feed();
  return { ...base, cat, owner, token: paying, brief, reading, id };
};

/** The administrator pays through the wrapped SDK, and the server is honest. */
const throughSdk = async ({ scene, world, walletId, request, enter, take }: Awaited<ReturnType<typeof payment>>) => {
  const { leaf } = request(world.admin);
  let sent = { statement: leaf.statement as Statement, body: new Uint8Array(0) };
  const { assertion, refusal } = await seduce(
    scene,
    walletId,
    ({ method, path, payload }) => {
      const body = utf8ToBytes(payload);
      sent = { body, statement: { ...(leaf.statement as Statement), method, path, bodyHash: hashBody(body) } };
      return { challenge: statementChallenge(sent.statement), statement: sent.statement };
    },
    (client, signer) =>
      verifying(client, signer, { clock: world.now }).wallets.transferAsset({ walletId, body: HONEST as never }),
  );
  if (!assertion) throw refusal;
  const { body, statement } = sent;
  return take(enter({ leaf: { ...leaf, statement, assertion, bodyHash: statement.bodyHash }, body }));
};

type Open = (stage: Stage) => Promise<unknown>;
const scene = <O extends Open>(
  words: string,
  open: O,
  control: (opened: Awaited<ReturnType<O>>) => Promise<SignResult>,
) => ({
  words,
  open,
  /** The same without a forgery: it must be signed, or the suite proves nothing. */
  control: async (stage: Stage) => control((await open(stage)) as Awaited<ReturnType<O>>),
});

export const SCENES = {
  payment: scene('a request nobody has to approve', payment, ({ take, id }) => take(id)),
  sdk: scene('a request through the wrapped SDK', payment, throughSdk),
  reserved: scene('a request that is reserved and witnessed', reserved, ({ demand, id, head }) => demand(id, head)),
  stuck: scene('a payment that is stuck, sped up', stuck, ({ take, id }) => take(id, { body: HONEST, choice: DEARER })),
  approvals: scene('a request two must approve', approvals, ({ world, ann, ben, approvalId, take, id }) => {
    world.vote(ann, approvalId);
    world.vote(ben, approvalId);
    return take(id);
  }),
  limit: scene('one request an hour', limit, ({ ask, take }) => take(ask())),
  approvedLimit: scene('one request an hour, approved', approvedLimit, ({ world, voter, approvalOf, ask, take }) => {
    const id = ask();
    world.vote(voter, approvalOf(id));
    return take(id);
  }),
  price: scene('approval above 100 dollars', price, ({ priced, take }) => take(priced(ONE_CENT))),
  screening: scene('nobody on the list is paid', screening, ({ world, screened, renew, fact, take }) => {
    const id = screened([{ to: BOB }], { ...LOOT, to: BOB });
    world.wait(301_000);
    renew(id, [fact({ to: BOB })]);
    return take(id);
  }),
  passkey: scene('a request by passkey', passkey, ({ asked, enter, take }) => take(enter(asked({})))),
  endUser: scene('an end user moves their own wallet', endUser, ({ end, request, enter, take }) =>
    take(enter(request(end))),
  ),
  token: scene('a request by a personal access token', token, ({ take, id }) => take(id)),
  vouched: scene('people count once vouched for', vouched, ({ world, vouch, dan, approvalId, take, id }) => {
    vouch(world.admin);
    world.vote(dan, approvalId);
    return take(id);
  }),
} as const;
export type SceneName = keyof typeof SCENES;
export type Opened<S extends SceneName> = Awaited<ReturnType<(typeof SCENES)[S]['open']>>;

export const stranger = () => softwareKey('P-256');

import { type Assertion, hashBody, statementChallenge } from '@/lib/authentication/statement';
import { canonicalJson } from '@/lib/domain/canonical-json';
import { utf8ToBytes } from '@/lib/domain/hash';
import type { Placed } from '@/lib/ledger/testing/requests';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { signInOnly, verifying } from '@/lib/verifying-client/verifying';
import { attack, group } from './attack';
import { type Client, type KeySigner, type Offer, seduce } from './lying-server';
import { HONEST, LOOT, type Opened } from './scenes';

const AT_WORK = 'the administrator, who uses the SDK';
const NONCE = 'A'.repeat(43);

type Lie = {
  readonly name: string;
  /** What the server shows instead of the challenge of the call; `loot` is the payment it would like to be signed. */
  readonly offer: (loot: Placed, honest: Placed) => Offer;
  /** The loot is this payment itself, whose signature the server keeps for so long; another one where absent. */
  readonly laterMs?: number;
  readonly call: (walletId: string) => (client: Client, signer: KeySigner) => Promise<unknown>;
};

const pay: Lie['call'] = (walletId) => (client) => client.wallets.transferAsset({ walletId, body: HONEST as never });
const challengeOf = ({ leaf }: Placed): string => (leaf.statement ? statementChallenge(leaf.statement) : '');

const LIES: readonly Lie[] = [
  {
    name: 'the challenge of a larger payment',
    offer: (loot) => () => ({ challenge: challengeOf(loot), statement: loot.leaf.statement }),
    call: pay,
  },
  {
    name: 'the challenge of another activity',
    offer: (loot) => () => ({ challenge: challengeOf(loot), statement: loot.leaf.statement }),
    call: () => (client) =>
      client.permissions.createPermission({ body: { name: 'role', operations: ['Wallets:Read'] } }),
  },
  {
    name: 'the challenge of a larger payment beside the statement of this one',
    offer:
      (loot, { leaf }) =>
      ({ method, path, payload }) => {
        const mine = { method, path, bodyHash: hashBody(utf8ToBytes(payload)) };
        return { challenge: challengeOf(loot), statement: leaf.statement && { ...leaf.statement, ...mine } };
      },
    call: pay,
  },
  {
    name: 'the challenge of this payment with an end thirty days ahead, entered then',
    laterMs: 30 * 86_400_000,
    offer: (loot) => () => ({ challenge: challengeOf(loot), statement: loot.leaf.statement }),
    // In the order of the bytes that the server has made its challenge over.
    call: (walletId) => (client) =>
      client.wallets.transferAsset({ walletId, body: JSON.parse(canonicalJson(HONEST)) as never }),
  },
  {
    name: 'a challenge without a statement',
    offer: (loot) => () => ({ challenge: challengeOf(loot) }),
    call: pay,
  },
  {
    name: 'the challenge of a payment at a sign-in',
    offer: (loot) => () => ({ challenge: challengeOf(loot) }),
    call: () => async () => {},
  },
];
const SIGN_IN = LIES.length - 1;

const steal = async (lie: Lie, wrap: boolean, { scene, world, walletId, request, enter, take }: Opened<'sdk'>) => {
  const honest = request(world.admin, HONEST);
  const { laterMs } = lie;
  const then = world.now() + (laterMs ?? 0);
  const loot =
    laterMs === undefined
      ? request(world.admin, LOOT)
      : request(world.admin, HONEST, { at: then, statement: { expiresAt: then } });
  const offer = lie.offer(loot, honest);
  let assertion: Assertion | null = null;
  const { assertion: returned, refusal } = await seduce(scene, walletId, offer, async (client, signer) => {
    if (lie !== LIES[SIGN_IN])
      return lie.call(walletId)(wrap ? verifying(client, signer, { clock: world.now }) : client, signer);
    // A sign-in signs what the server shows; only the wrapped signer knows what a sign-in looks like.
    const { challenge } = offer({ method: 'POST', path: '/auth/login', payload: '' });
    const allowCredentials = { key: [{ type: 'public-key', id: world.admin.credential.credId }], webauthn: [] };
    const factor = await (wrap ? signInOnly(signer) : signer).sign({
      challenge,
      nonce: NONCE,
      allowCredentials,
    } as never);
    const { kind, credentialAssertion } = factor as { kind: 'Key'; credentialAssertion: Omit<Assertion, 'kind'> };
    assertion = { kind, ...credentialAssertion } as Assertion;
  });
  if (refusal instanceof StatementDiffersError) {
    const what = refusal.differences.map((difference) => difference.what).join(',');
    scene.stage.said.push({ node: 0, where: 'wrapper', code: what.replaceAll(' ', '_') });
  } else if (refusal) throw refusal;
  const got = returned ?? assertion ?? undefined;
  const { assertion: _own, ...leaf } = loot.leaf;
  world.wait(laterMs ?? 0);
  const entered = enter({ ...loot, leaf: { ...leaf, ...(got ? { assertion: got } : {}) } });
  return take(entered, { body: laterMs === undefined ? LOOT : HONEST });
};

export const STATEMENTS = group(
  'statements',
  LIES.map((lie) =>
    attack('sdk', `${lie.name}, shown to the wrapped SDK`, AT_WORK, (opened) => steal(lie, true, opened)),
  ),
);

/** Whoever signs with an unwrapped SDK signs what the server shows. Documented; these are expected to be signed. */
export const RESIDUALS = group(
  'residual',
  LIES.map((lie) =>
    attack('sdk', `${lie.name}, shown to the unwrapped SDK`, AT_WORK, (opened) => steal(lie, false, opened)),
  ),
);

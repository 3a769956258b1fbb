import { buildMessage, buildUnsigned, type Choice } from '@/lib/chain/evm/build';
import { digestOf } from '@/lib/chain/evm/unsigned';
import type { Json } from '@/lib/domain/canonical-json';
import type { Pin } from '@/lib/domain/signing';
import { find } from '@/lib/ledger/state';
import type { Placed } from '@/lib/ledger/testing/requests';
import type { Ask, SignResult } from './ceremony';
import type { Head, Scene } from './scene';

const GWEI = 1_000_000_000n;
const CHOICE: Choice = { nonce: 0, gasLimit: 50_000n, maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };

/** What the attacker would like to be signed instead of the request's own content. */
export type Wish = {
  readonly body?: { readonly kind: string; readonly [name: string]: unknown };
  readonly choice?: Partial<Choice>;
  /** Bytes of the attacker's own making, hex. */
  readonly unsigned?: string;
};

/** Ways to money from one wallet: the honest one, and with whatever the attacker changes about it. */
export const walletOf = (scene: Scene, walletId: string) => {
  const { world } = scene;
  const { network = '', address = '' } = find(world.state, 'wallet', walletId) ?? {};
  const publicKey = scene.publicKeyOf(walletId);

  const kindOf = (kind: string) =>
    kind === 'Hash' || kind === 'Message'
      ? 'Signature'
      : kind === 'Native' || kind === 'Erc20'
        ? 'Transfer'
        : 'Transaction';
  const bytesOf = (body: { readonly kind: string }, choice: Partial<Choice> = {}): string => {
    const intent = { activityKind: kindOf(body.kind), network, address, requestBody: body } as const;
    const built = body.kind === 'Hash' ? buildMessage(intent) : buildUnsigned(intent, { ...CHOICE, ...choice });
    if (!built.ok) throw new Error(built.refusal.message);
    return built.value;
  };
  /** Bytes of the wish; without one, of the activity as it was asked for. */
  const wished = (activityId: string, wish: Wish): string => {
    if (wish.unsigned !== undefined) return wish.unsigned;
    const body = wish.body ?? find(world.state, 'activity', activityId)?.requestBody;
    return bytesOf(body as { kind: string }, wish.choice);
  };
  // 32 bytes are a hash to be signed as it is.
  const isHash = (unsigned: string): boolean => unsigned.length === 64;
  const digest = (unsigned: string): string => (isHash(unsigned) ? unsigned : digestOf(unsigned));
  const pinOf = (unsigned: string, nonce = 0): Pin =>
    isHash(unsigned)
      ? { digest: unsigned }
      : { chain: 'eip155:11155111', sender: address.toLowerCase(), nonce: String(nonce) };

  const reserve = (activityId: string, wish: Wish = {}) => {
    const unsigned = wished(activityId, wish);
    const pin = pinOf(unsigned, wish.choice?.nonce) as unknown as Json;
    return world.append('reserve', { activityId, unsigned, digest: digest(unsigned), pin, attempt: 0 });
  };
  /** Asks the nodes for a signature over the wish, under the head. */
  const demand = (activityId: string, head: Head, wish: Wish = {}, more: Partial<Ask> = {}): Promise<SignResult> => {
    const unsigned = wished(activityId, wish);
    return scene.sign({ activityId, unsigned, digest: digest(unsigned), head, publicKey, ...more });
  };
  /** The whole way: reserve, have it witnessed, ceremony. With no wish it is what an honest server does. */
  const take = async (activityId: string, wish: Wish = {}, more: Partial<Ask> = {}): Promise<SignResult> => {
    reserve(activityId, wish);
    return demand(activityId, await scene.witness(), wish, more);
  };
  /** As `take`, for a request the honest part of a run needs. @throws when it is not signed. */
  const pay = async (activityId: string, wish: Wish = {}): Promise<void> => {
    const { signature, refusals } = await take(activityId, wish);
    if (!signature) throw new Error(`An honest request was not signed: ${JSON.stringify(refusals)}`);
  };
  /** Puts a request into the ledger, as it stands, and says which activity it would be. */
  const enter = (placed: Placed): string => {
    world.place(placed);
    return String(placed.leaf.effects.activityId);
  };

  return { walletId, address, network, publicKey, bytesOf, digest, reserve, demand, take, pay, enter };
};
export type Wallet = ReturnType<typeof walletOf>;

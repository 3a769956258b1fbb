import { randomBytes } from 'node:crypto';
import { chainLeaves } from '@/lib/db/sequencer';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hexToBytes } from '@/lib/domain/hash';
import type { Leaf, NodeSignature } from '@/lib/ledger/entry';
import { EMPTY_FRONTIER } from '@/lib/ledger/merkle';
import { rootAt } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import type { ShownTestimony, Testimony } from '@/lib/ledger/testimony';
import type { Item, WorldOptions } from '@/lib/ledger/testing/chain';
import { dealKey, testNode } from '@/lib/ledger/testing/nodes';
import type { Placed, Signer } from '@/lib/ledger/testing/requests';
import { createWorld } from '@/lib/ledger/testing/world';
import type { AskParams } from '@/lib/transport/messages';
import { type Ask, type SignResult, signAs } from './ceremony';
import { ALL_NODES, K, N, type Stage } from './stage';

export type Head = { readonly seq: number; readonly root: string; readonly at: number };

let scenes = 0;

/**
 * One organisation whose ledger the attacker writes. `world` is the server: it behaves (`act`, `vote`) or puts anything into the chain
 * (`place`, `append`). What the nodes hold is what they were fed and replayed themselves.
 */
export type Scene = Awaited<ReturnType<typeof openScene>>;

export const openScene = async (stage: Stage, options: WorldOptions = {}) => {
  scenes += 1;
  // Clocks of nodes go on from scene to scene: a static one never refills what they allow per second.
  stage.clock.now += 600_000;
  const nodes = ALL_NODES.map((node) => ({
    certificate: { ...stage.nodes.get(node)?.certificate } as never,
    sign: (): string => {
      throw new Error('Only a node signs as a node.');
    },
  }));
  const world = createWorld({ k: K, n: N, ...options, nodes, seed: `attack ${scenes}`, start: stage.clock.now });
  const { orgId, items } = world;
  const fed = new Map(ALL_NODES.map((node) => [node, 0]));
  const { relay, said } = stage;
  const tick = (): void => {
    stage.clock.now = Math.max(stage.clock.now, world.now());
  };

  const refused = (node: number, where: string, code: string): void => void said.push({ node, where, code });
  /**
   * Shows a node entries at places of the attacker's choice, and what others are said to have found of them.
   * @returns the code of its refusal, or null.
   */
  const show = async (
    node: number,
    from: number,
    shown: readonly Item[],
    testimony?: ShownTestimony,
  ): Promise<string | null> => {
    tick();
    const outcome = await relay.ask(node, 'feed', {
      orgId,
      items: shown.map(({ bytes, body }, i) => ({ seq: from + i, bytes: base64(bytes), body: base64(body) })),
      ...(testimony ? { testimony: structuredClone(testimony) as AskParams<'feed'>['testimony'] } : {}),
    });
    if (outcome.ok) return null;
    refused(node, 'feed', outcome.refusal.code);
    return outcome.refusal.code;
  };
  const feed = async (to: readonly number[] = ALL_NODES): Promise<void> => {
    await Promise.all(
      to.map(async (node) => {
        const from = fed.get(node) ?? 0;
        if (from < items.length) await show(node, from, items.slice(from));
        fed.set(node, items.length);
      }),
    );
  };
  /** Asks the nodes for signatures under a head. */
  const witnesses = async (head: Head, by: readonly number[] = ALL_NODES): Promise<NodeSignature[]> => {
    tick();
    const signatures: NodeSignature[] = [];
    for (const node of by) {
      const outcome = await relay.ask(node, 'checkpoint.sign', { orgId, ...head });
      if (outcome.ok) signatures.push({ node, signature: outcome.value.signature });
      else refused(node, 'checkpoint', outcome.refusal.code);
    }
    return signatures;
  };
  /** What the nodes testify of everything up to an entry: their signatures, under what they said. */
  const testimonies = async (seq: number, by: readonly number[]): Promise<(Testimony & { by: NodeSignature })[]> => {
    const given: (Testimony & { by: NodeSignature })[] = [];
    for (const node of by) {
      const outcome = await relay.ask(node, 'testimony.sign', { orgId, seq });
      if (!outcome.ok) throw new Error(`Node ${node} did not testify: ${outcome.refusal.code}`);
      const { signature, ...said } = outcome.value;
      given.push({ orgId, seq, ...said, by: { node, signature } });
    }
    return given;
  };
  const headNow = (at = world.now()): Head => ({
    seq: items.length - 1,
    root: rootAt(world.replica, items.length - 1) ?? '',
    at,
  });
  /** Feeds everything, has the head witnessed by whoever would, and puts the checkpoint into the ledger. */
  const witness = async (by: readonly number[] = ALL_NODES): Promise<Head> => {
    await feed();
    const head = headNow();
    const nodeSignatures = await witnesses(head, by);
    world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
    await feed();
    return head;
  };
  const makeKey = async (keyId: string): Promise<void> => {
    await feed();
    const ceremonyId = randomBytes(32).toString('hex');
    const made: Json[] = [];
    let close = (): void => {};
    const isMade = new Promise<void>((resolve, reject) => {
      close = stage.open(ceremonyId, ALL_NODES, (_node, note) => {
        if (note?.kind !== 'keyMade') return reject(new Error('No key was made.'));
        made.push(note.certificate as Json);
        if (made.length === N) resolve();
      });
    });
    for (const node of ALL_NODES) await relay.ask(node, 'dkg.begin', { orgId, keyId, ceremonyId });
    await isMade;
    close();
    world.append('keyCertificate', { keyId, certificate: made[0] as Json });
    await feed();
  };
  const wallet = async (signer: Signer = world.admin, body: { [key: string]: Json } = {}): Promise<string> => {
    const params = { network: 'EthereumSepolia', ...body };
    const { walletId = '', keyId } = world.done(signer, 'wallets.createWallet', {}, params);
    if (keyId) await makeKey(keyId);
    return walletId;
  };

  return {
    stage,
    world,
    orgId,
    show,
    feed,
    /** The node lost what it was fed: the next feed starts at the first entry. */
    forget: (node: number): void => void fed.set(node, 0),
    witnesses,
    testimonies,
    headNow,
    witness,
    makeKey,
    wallet,
    /** A certificate of a key that only the attacker has, confirmed by nodes of the attacker's making. */
    ownCertificate: (keyId: string): Json =>
      dealKey(
        keyId,
        K,
        ALL_NODES.map((node) => testNode(node, 'the attacker')),
        'the attacker',
      ).certificate as unknown as Json,
    publicKeyOf: (walletId: string): string => {
      const keyId = find(world.state, 'wallet', walletId)?.keyId ?? '';
      return find(world.state, 'key', keyId)?.publicKey ?? '';
    },
    /** Another history of the same organisation after its first `length` entries. */
    branch: (length: number, placed: readonly Placed[]): Item[] => branch(items.slice(0, length), placed),
    sign: (input: Ask): Promise<SignResult> => {
      tick();
      return signAs({ stage, orgId }, input);
    },
  };
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const branch = (before: readonly Item[], placed: readonly Placed[]): Item[] => {
  let head = { seq: -1, hash: '0'.repeat(64), frontier: EMPTY_FRONTIER };
  const chain = (leaf: Leaf): Uint8Array => {
    const chained = chainLeaves(head, [{ leaf: '0', content: canonicalJson(leaf as unknown as Json) }]);
    head = chained.head;
    return hexToBytes(chained.rows[0]?.bytes ?? '');
  };
  for (const { bytes } of before) {
    const { seq: _seq, prev: _prev, ...leaf } = JSON.parse(new TextDecoder().decode(bytes));
    chain(leaf);
  }
  return placed.map(({ leaf, body }) => ({ bytes: chain(leaf), body }));
};

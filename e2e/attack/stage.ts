import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { loadIdentity } from '@/lib/signer/identity';
import { type SignerNode, startSignerNode } from '@/lib/signer/node';
import { fileKeyWrapper } from '@/lib/signer/sealed-records';
import type { Note } from '@/lib/transport/messages';
import { type SignedHello, startRelay } from '@/lib/transport/relay-server';

/** What a node said on its own or refused: where it was asked, and the code. */
export type Refusal = { readonly node: number; readonly where: string; readonly code: string };
type Heard = (node: number, note: Exclude<Note, { kind: 'status' }> | null) => void;
type Tap = (bytes: Uint8Array, from: number, to: number) => readonly Uint8Array[];

export const K = 3;
export const N = 4;
export const ALL_NODES: readonly number[] = [1, 2, 3, 4];

/**
 * Signer nodes as they run in production, and a relay, a feed and a clock in the attacker's hands: nothing between the nodes and the
 * attacker but what the nodes check themselves. Key shares, pair set-ups and ceremonies are the real protocol.
 */
export type Stage = Awaited<ReturnType<typeof startStage>>;

export const startStage = async (options: { readonly ports?: LedgerPorts } = {}) => {
  const { ports = LEDGER_PORTS } = options;
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-attack-'));
  const directory = (node: number): string => path.join(root, `signer-${node}`);
  const nodes = new Map<number, SignerNode>();
  const hellos = new Map<number, SignedHello>();
  const heard = new Map<string, Heard>();
  const said: Refusal[] = [];
  const clock = { now: Date.now() };
  let tap: Tap = (bytes) => [bytes];

  const relay = await startRelay({
    port: 0,
    clock: () => clock.now,
    admit: async () => true,
    tap: (...input) => tap(...input),
    onConnected: (node, signed) => void hellos.set(node, signed),
    onGone: () => {},
    onNote: (node, note) => {
      if (note.kind !== 'status') heard.get(note.ceremonyId)?.(node, note);
    },
  });

  const start = (node: number): void => {
    // What it stored before was refused before.
    let isReplaying = true;
    const log = (_level: string, message: string, fields: object): void => {
      const { code } = fields as { code?: string };
      // A void entry stays in the chain and changes nothing; the node says so in its log alone.
      if (!isReplaying && message.startsWith('Void entry')) said.push({ node, where: 'replay', code: code ?? 'void' });
    };
    const onFatal = (error: unknown): void => {
      throw error;
    };
    nodes.set(
      node,
      startSignerNode({
        node,
        k: K,
        n: N,
        directory: directory(node),
        genesis: 'any',
        relayUrl: () => relay.url,
        ports,
        log,
        onFatal,
        clock: () => clock.now,
      }),
    );
    isReplaying = false;
  };
  const stop = async (node: number): Promise<void> => {
    nodes.get(node)?.close();
    nodes.delete(node);
    await until(() => !relay.connected().includes(node));
  };
  const connected = () => until(() => relay.connected().length === nodes.size);

  const kept = (node: number, name: string): string => path.join(root, `${name}-${node}`);
  const copy = (from: string, to: string): void => {
    fs.rmSync(to, { recursive: true, force: true });
    fs.cpSync(from, to, { recursive: true });
  };
  /** Stops the node, exchanges what is on its disk, and starts it again. */
  const swap = async (node: number, exchange: () => void): Promise<void> => {
    await stop(node);
    exchange();
    start(node);
    await connected();
  };

  /** The relay passes on what the node's peers remember of it now; until then it signs nothing. */
  const tellPeers = async (node: number): Promise<void> => {
    const challenge = hellos.get(node)?.hello.asks ?? '';
    for (const peer of ALL_NODES.filter((other) => other !== node)) {
      const told = await relay.ask(peer, 'peers.tell', { challenge });
      if (!told.ok) throw new Error(`Node ${peer} said nothing of its peers: ${told.refusal.code}`);
      const heard = await relay.ask(node, 'peers.seen', { reports: [{ challenge, ...told.value }] });
      if (!heard.ok) throw new Error(`The node did not hear its peers: ${heard.refusal.code}`);
    }
  };

  const setUpPair = async (a: number, b: number): Promise<void> => {
    const ceremonyId = randomBytes(32).toString('hex');
    relay.openCeremony(ceremonyId, [a, b]);
    const peers = [a, b].map((node) => nodes.get(node)?.certificate);
    const params = (index: number) => ({ peer: { ...peers[index] } as never, ceremonyId, pairEpoch: 1 });
    await Promise.all([relay.ask(a, 'pair.begin', params(1)), relay.ask(b, 'pair.begin', params(0))]);
    const ready = (of: number, peer: number) =>
      nodes
        .get(of)
        ?.status()
        .pairs.some((pair) => pair.peer === peer && pair.state === 'ready') ?? false;
    await until(() => ready(a, b) && ready(b, a), 120_000);
  };

  for (const node of ALL_NODES) start(node);
  await connected();
  for (const node of ALL_NODES) await tellPeers(node);
  await Promise.all(ALL_NODES.flatMap((a) => ALL_NODES.filter((b) => a < b).map((b) => setUpPair(a, b))));

  return {
    relay,
    clock,
    nodes,
    /** The identity key of a node, as a thief of its machine has it: signs a 32-byte hash. */
    identityOf: (node: number) => {
      const wrapper = fileKeyWrapper(directory(node));
      return loadIdentity(directory(node), { node, region: 'local', wrapper }).sign;
    },
    /** Takes a copy of what is on the node's disk. */
    keep: async (node: number) => {
      await swap(node, () => copy(directory(node), kept(node, 'old')));
      await tellPeers(node);
    },
    /** Puts the old copy in the place of the present one; nobody tells the node. */
    restore: (node: number) =>
      swap(node, () => {
        copy(directory(node), kept(node, 'present'));
        copy(kept(node, 'old'), directory(node));
      }),
    /** Gives the node its own store back. */
    undo: async (node: number) => {
      await swap(node, () => copy(kept(node, 'present'), directory(node)));
      await tellPeers(node);
    },
    tellPeers,
    /** What the nodes refused, in order; an attack reads what came after it began. */
    said,
    setTap: (next: Tap | null): void => {
      tap = next ?? ((bytes) => [bytes]);
    },
    /** Hears what nodes say of a ceremony, and lets its envelopes pass. */
    open: (ceremonyId: string, participants: readonly number[], hear: Heard): (() => void) => {
      heard.set(ceremonyId, hear);
      const close = relay.openCeremony(ceremonyId, participants);
      return () => {
        heard.delete(ceremonyId);
        close();
      };
    },
    close: async (): Promise<void> => {
      for (const node of [...nodes.keys()]) await stop(node);
      await relay.close();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
};

export const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));

/** Waits until it holds. @throws after the timeout. */
export const until = async (holds: () => boolean, timeoutMs = 15_000): Promise<void> => {
  const end = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to hold in time.');
    await pause(5);
  }
};

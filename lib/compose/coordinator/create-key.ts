import { randomBytes } from 'node:crypto';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import type { Relay } from '@/lib/transport/relay-server';
import type { CeremonyNotes } from './ceremonies';
import type { Feed } from './feed';
import { type CoordinatorPorts, type Quorum, sleep } from './ports';

export type CreateKeyDeps = {
  readonly ports: CoordinatorPorts;
  readonly quorum: Quorum;
  readonly relay: () => Relay;
  readonly feed: Feed;
  readonly notes: CeremonyNotes;
};

const TIMEOUT_MS = 30_000;
const CATCH_UP_MS = 10_000;
const CHAINED_TIMEOUT_MS = 10_000;
const TRIES = 3;

/**
 * Has all n nodes generate a key and puts its certificate into the ledger. Done already: nothing happens.
 * @returns when to look again if it could not be done now.
 */
export const createKey = async (
  { orgId, keyId }: { orgId: string; keyId: string },
  deps: CreateKeyDeps,
  signal?: AbortSignal,
): Promise<undefined | { againInMs: number }> => {
  const { ports, quorum, relay, feed } = deps;
  for (let tries = 0; tries < TRIES && !signal?.aborted; tries += 1) {
    const key = await ports.records.key(orgId, keyId);
    if (key?.status !== 'Creating') return undefined;
    const missing = Array.from({ length: quorum.n }, (_, i) => i + 1).filter(
      (node) => !relay().connected().includes(node),
    );
    if (missing.length > 0) {
      ports.log('warn', 'A key waits: all nodes must take part in making it.', { orgId, keyId, missing });
      return { againInMs: 2_000 };
    }
    const certificate = await generate(orgId, keyId, deps);
    if (!certificate) {
      await sleep(300, signal);
      continue;
    }
    const appended = await ports.ledger.append({
      orgId,
      kind: 'keyCertificate',
      body: { keyId, certificate },
      effects: {},
      nodeSignatures: [],
    });
    if (!appended.ok) throw new Error(`The certificate of key ${keyId} was not taken: ${appended.refusal.message}`);
    await feedUp(orgId, await ports.ledger.waitChained(orgId, appended.value.leafId, CHAINED_TIMEOUT_MS), quorum, feed);
    ports.log('info', 'Key created.', { orgId, keyId });
    return undefined;
  }
  return { againInMs: 3_000 };
};

/** One ceremony of all nodes. Null: it did not come to an end, or not to the same one everywhere. */
const generate = async (
  orgId: string,
  keyId: string,
  { ports, quorum, relay, feed, notes }: CreateKeyDeps,
): Promise<Json | null> => {
  const nodes = Array.from({ length: quorum.n }, (_, i) => i + 1);
  const head = await ports.ledger.head(orgId);
  if (!head || !(await feedUp(orgId, head.seq, quorum, feed))) return null;
  const ceremonyId = randomBytes(32).toString('hex');
  const made = new Map<number, Json>();
  let close = (): void => {};
  const isMade = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), TIMEOUT_MS);
    close = notes.open(ceremonyId, nodes, (node, note) => {
      if (note?.kind === 'keyMade') made.set(node, note.certificate as Json);
      if (note?.kind === 'keyMade' && made.size < nodes.length) return;
      clearTimeout(timer);
      resolve(note?.kind === 'keyMade');
    });
  });
  try {
    const begun = await Promise.all(nodes.map((node) => relay().ask(node, 'dkg.begin', { orgId, keyId, ceremonyId })));
    for (const [i, outcome] of begun.entries()) {
      if (!outcome.ok)
        ports.log('warn', 'A node did not begin to make a key.', {
          node: nodes[i],
          keyId,
          code: outcome.refusal.code,
          reason: outcome.refusal.message,
        });
    }
    const isDone = begun.every(({ ok }) => ok) && (await isMade);
    const [certificate, ...others] = [...made.values()].map((item) => canonicalJson(item));
    if (isDone && certificate !== undefined && others.every((other) => other === certificate))
      return JSON.parse(certificate) as Json;
    for (const node of nodes) void relay().ask(node, 'ceremony.end', { ceremonyId });
    return null;
  } finally {
    close();
  }
};

const feedUp = async (orgId: string, seq: number, quorum: Quorum, feed: Feed): Promise<boolean> => {
  const nodes = Array.from({ length: quorum.n }, (_, i) => i + 1);
  const reached = await Promise.all(nodes.map((node) => feed.reached(node, orgId, seq, CATCH_UP_MS)));
  return reached.every(Boolean);
};

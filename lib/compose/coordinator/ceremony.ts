import type { EcdsaSignature } from '@/lib/domain/signing';
import type { RequestBundle } from '@/lib/evidence/bundle';
import { bundleHash, type SignedAccept, signingCeremonyId } from '@/lib/transport/accept';
import type { Relay } from '@/lib/transport/relay-server';
import type { CeremonyNotes } from './ceremonies';
import type { CoordinatorPorts } from './ports';

export type CeremonyDeps = {
  readonly ports: CoordinatorPorts;
  readonly relay: () => Relay;
  readonly notes: CeremonyNotes;
};

export type NodeRefusal = { readonly node: number; readonly code: string; readonly message: string };
export type CeremonyResult =
  /** Times from the first ACCEPT asked for, to the signature and to the last acceptance. */
  | {
      readonly kind: 'signed';
      readonly signature: EcdsaSignature;
      readonly ceremonyMs: number;
      readonly acceptMs: number;
    }
  /** `refusals` are judgements of nodes; `failed` are the nodes to do without next time. */
  | { readonly kind: 'failed'; readonly refusals: readonly NodeRefusal[]; readonly failed: readonly number[] };

const ACCEPT_TIMEOUT_MS = 8_000;
/** A node that goes away ends the ceremony at once; this is for one that hangs. Ten times what a ceremony takes under load. */
const CEREMONY_TIMEOUT_MS = 10_000;

/** Runs one signing ceremony among the bundle's participants. Whatever goes wrong, it is over when this returns. */
export const runCeremony = async (
  bundle: RequestBundle,
  publicKey: string,
  deps: CeremonyDeps,
): Promise<CeremonyResult> => {
  const { ports, relay, notes } = deps;
  const { participants } = bundle;
  const started = performance.now();
  const answers = await Promise.all(
    participants.map(async (node) => ({
      node,
      outcome: await relay().ask(node, 'sign.accept', { bundle: mutable(bundle) }, ACCEPT_TIMEOUT_MS),
    })),
  );
  const accepts: SignedAccept[] = answers.flatMap(({ outcome }) => (outcome.ok ? [outcome.value] : []));
  if (accepts.length < participants.length)
    return failure(answers.map(({ node, outcome }) => ({ node, refusal: outcome.ok ? undefined : outcome.refusal })));

  const acceptMs = performance.now() - started;
  const hash = bundleHash(bundle);
  const ceremonyId = signingCeremonyId(
    hash,
    accepts.map(({ accept }) => accept),
  );
  let close = (): void => {};
  const result = new Promise<CeremonyResult>((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'failed', refusals: [], failed: [] }), CEREMONY_TIMEOUT_MS);
    const end = (ended: CeremonyResult): void => {
      clearTimeout(timer);
      resolve(ended);
    };
    const digest = bundle.digests[0] ?? '';
    close = notes.open(ceremonyId, participants, (node, note) => {
      if (note === null) return end({ kind: 'failed', refusals: [], failed: [node] });
      if (note.kind === 'signed') {
        // What a node says is checked before anybody relies on it; a wrong one is that node's matter.
        if (ports.verifyEcdsa(publicKey, digest, note.signature))
          return end({ kind: 'signed', signature: note.signature, ceremonyMs: performance.now() - started, acceptMs });
        return ports.log('error', 'ALERT: a node reported a signature that does not verify.', { node });
      }
      if (note.kind === 'ended') end(failure([{ node, refusal: note.refusal }]));
    });
  });
  const begun = await Promise.all(
    participants.map(async (node) => ({
      node,
      outcome: await relay().ask(node, 'sign.begin', { bundleHash: hash, accepts: accepts.map(copy) }),
    })),
  );
  const refused = begun.filter(({ outcome }) => !outcome.ok);
  const ended =
    refused.length > 0
      ? failure(begun.map(({ node, outcome }) => ({ node, refusal: outcome.ok ? undefined : outcome.refusal })))
      : await result;
  close();
  if (ended.kind === 'failed') for (const node of participants) void relay().ask(node, 'ceremony.end', { ceremonyId });
  return ended;
};

/** A node that gave no answer, or none of its own judgement, is one to do without. */
const failure = (
  answers: readonly { readonly node: number; readonly refusal?: { readonly code: string; readonly message: string } }[],
): CeremonyResult => {
  const refusals = answers.flatMap(({ node, refusal }) =>
    refusal ? [{ node, code: refusal.code, message: refusal.message }] : [],
  );
  return { kind: 'failed', refusals, failed: refusals.map(({ node }) => node) };
};

const copy = ({ accept, signature }: SignedAccept) => ({
  signature,
  accept: {
    ...accept,
    pairs: Object.fromEntries(Object.entries(accept.pairs).map(([peer, epochs]) => [peer, [...epochs]])),
  },
});
const mutable = (bundle: RequestBundle) => ({
  ...bundle,
  digests: [...bundle.digests],
  participants: [...bundle.participants],
});

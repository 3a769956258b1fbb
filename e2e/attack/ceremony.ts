import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import type { EcdsaSignature } from '@/lib/domain/signing';
import { bundleHash, type SignedAccept, signingCeremonyId } from '@/lib/transport/accept';
import type { Refusal, Stage } from './stage';

/** What the attacker asks the nodes to sign. */
export type Ask = {
  readonly activityId: string;
  readonly unsigned: string;
  /** 32 bytes, hex: what a signature must hold over to be worth anything to the attacker. */
  readonly digest: string;
  readonly head: { readonly seq: number; readonly root: string };
  /** Compressed, hex. */
  readonly publicKey: string;
  readonly attempt?: number;
  readonly digests?: readonly string[];
  readonly participants?: readonly number[];
  /** Changes what starts the ceremony. */
  readonly begin?: (start: Start) => Start;
  /** How long a ceremony that says nothing is waited for. */
  readonly patienceMs?: number;
  /** Done between the last ACCEPT and the start of the ceremony. */
  readonly between?: () => Promise<void>;
};
type Start = { readonly bundleHash: string; readonly accepts: readonly SignedAccept[] };
export type SignResult = { readonly signature: EcdsaSignature | null; readonly refusals: readonly Refusal[] };

const QUORUMS: readonly (readonly number[])[] = [
  [1, 2, 3],
  [2, 3, 4],
  [1, 2, 4],
  [1, 3, 4],
];
const TIMEOUT_MS = 20_000;

/**
 * Drives a ceremony to its end, with one quorum of nodes after the other: ACCEPT, begin, every round through the real relay.
 * Only a signature that verifies over the asked digest counts.
 */
export const signAs = async (place: { stage: Stage; orgId: string }, ask: Ask): Promise<SignResult> => {
  const refusals: Refusal[] = [];
  for (const participants of ask.participants ? [ask.participants] : QUORUMS) {
    const result = await runOnce(place, ask, participants);
    place.stage.said.push(...result.refusals);
    refusals.push(...result.refusals);
    if (result.signature) return { signature: result.signature, refusals };
  }
  return { signature: null, refusals };
};

const runOnce = async (
  { stage, orgId }: { stage: Stage; orgId: string },
  ask: Ask,
  participants: readonly number[],
): Promise<SignResult> => {
  const { relay } = stage;
  const bundle = {
    v: 1 as const,
    orgId,
    activityId: ask.activityId,
    head: { seq: ask.head.seq, root: ask.head.root },
    unsigned: ask.unsigned,
    digests: [...(ask.digests ?? [ask.digest])],
    attempt: ask.attempt ?? 0,
    participants: [...participants],
  };
  const refusals: Refusal[] = [];
  const accepts: SignedAccept[] = [];
  for (const node of participants) {
    const outcome = await relay.ask(node, 'sign.accept', { bundle });
    if (outcome.ok) accepts.push(outcome.value);
    else refusals.push({ node, where: 'accept', code: outcome.refusal.code });
  }
  if (refusals.length > 0) return { signature: null, refusals };
  await ask.between?.();
  const hash = bundleHash(bundle);
  const ceremonyId = signingCeremonyId(
    hash,
    accepts.map(({ accept }) => accept),
  );
  let close = (): void => {};
  const ended = new Promise<EcdsaSignature | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), ask.patienceMs ?? TIMEOUT_MS);
    const over = new Set<number>();
    close = stage.open(ceremonyId, participants, (node, note) => {
      over.add(node);
      if (note?.kind === 'ended')
        refusals.push({ node, where: 'ceremony', code: note.refusal?.code ?? 'signer.aborted' });
      const isGenuine = note?.kind === 'signed' && LEDGER_PORTS.verifyEcdsa(ask.publicKey, ask.digest, note.signature);
      if (!isGenuine && over.size < participants.length) return;
      clearTimeout(timer);
      resolve(isGenuine ? note.signature : null);
    });
  });
  const start = (ask.begin ?? ((honest: Start) => honest))({ bundleHash: hash, accepts });
  const begun = await Promise.all(
    participants.map((node) => relay.ask(node, 'sign.begin', structuredClone(start) as never)),
  );
  for (const [i, outcome] of begun.entries())
    if (!outcome.ok) refusals.push({ node: participants[i] ?? 0, where: 'begin', code: outcome.refusal.code });
  const hasBegun = begun.some(({ ok }) => ok) && refusals.length === 0;
  const signature = hasBegun ? await ended : null;
  if (hasBegun && !signature && refusals.length === 0)
    refusals.push({ node: 0, where: 'ceremony', code: 'signer.no_result' });
  close();
  if (!signature) for (const node of participants) await relay.ask(node, 'ceremony.end', { ceremonyId });
  return { signature, refusals };
};

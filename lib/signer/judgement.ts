import { bytesToHex } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Pin } from '@/lib/domain/signing';
import type { RequestBundle } from '@/lib/evidence/bundle';
import { checkBundle } from '@/lib/evidence/check-bundle';
import { mayFollow } from '@/lib/ledger/pins';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { find } from '@/lib/ledger/state';
import type { KeyShare } from '@/lib/mpc/dkls23/key-share';
import type { AcceptedCeremony, Journal } from './journal';
import type { Following, ReplayDriver } from './replay-driver';
import type { ReserveFloor } from './reserve-floor';
import type { Shares } from './shares';
import type { Witness } from './witness';

export type JudgementDeps = {
  /** This node's number. */
  readonly me: number;
  readonly ports: LedgerPorts;
  readonly replay: ReplayDriver;
  readonly witness: Witness;
  readonly journal: Journal;
  readonly shares: Shares;
  readonly clock: () => number;
  readonly isQuarantined: () => boolean;
  /** Whether enough peers have said since this process began what they remember of this node. */
  readonly hasHeard: (following: Following) => boolean;
  /** Whether this node's own machine has stopped the organisation, asked anew each time. */
  readonly isFrozen: (orgId: string) => boolean;
  readonly floor: Pick<ReserveFloor, 'recovered'>;
};

/** What a node answers that may hold an old copy of its store without knowing it. */
export const UNHEARD = refused(
  409,
  'signer.unheard',
  'Since this node started fewer than k − 1 peers have said what they remember of it: its store could be an old copy.',
);

/** A request this node would sign at this moment, and its share for it. */
export type Judged = {
  readonly keyId: string;
  readonly digest: string;
  readonly pin: Pin;
  readonly following: Following;
  readonly share: KeyShare;
};

/** What this node says to a request, by its own replay, promises and journal. */
export type Judgement = {
  judge(bundle: RequestBundle): Outcome<Judged>;
  judgePin(ceremony: AcceptedCeremony, following: Following): Outcome<null>;
};

export const createJudgement = (deps: JudgementDeps): Judgement => {
  const { me, ports, replay, witness, journal, shares, clock } = deps;

  /**
   * The whole judgement, at this moment, on this node's head.
   * INVARIANT: synchronous up to the journal write that follows it, so no checkpoint, promise, burn or entry can come between.
   */
  const judge = (bundle: RequestBundle): Outcome<Judged> => {
    if (deps.isQuarantined())
      return refused(
        409,
        'signer.quarantined',
        "This node's store is older than its peers remember; an operator has to decide.",
      );
    if (deps.isFrozen(bundle.orgId))
      return refused(409, 'signer.frozen', 'This node is frozen on its own machine; only there the freeze is lifted.');
    const following = replay.find(bundle.orgId);
    if (!following.ok) return following;
    if (!deps.hasHeard(following.value)) return UNHEARD;
    const recovered = deps.floor.recovered(bundle.orgId);
    if (recovered !== null && (following.value.reservedAt.get(bundle.activityId) ?? -1) <= recovered)
      return refused(
        409,
        'signer.reserved_before_recovery',
        "The reservation is older than this node's recovery: it can't know what it promised or released before.",
      );
    const { genesis, replica } = following.value;
    const { participants } = bundle;
    const isQuorum =
      participants.length === genesis.k &&
      participants.includes(me) &&
      participants.every((node, i) => node <= genesis.n && node > (participants[i - 1] ?? 0));
    if (!isQuorum)
      return refused(
        409,
        'signer.participants',
        'The participants are not exactly k different nodes with this one among them.',
      );
    if (witness.hasPromised(bundle.orgId, bundle.activityId))
      return refused(409, 'signer.promised', 'This node has promised never to release this activity.');
    const place = { now: clock(), freshSignedCheckpoints: witness.freshCheckpoints(bundle.orgId) };
    const verdict = checkBundle(replica, bundle, ports, place);
    if (!verdict.ok) return verdict;
    const { keyId, digest, pin } = verdict.value;
    const share = shareOf(following.value, bundle.orgId, keyId);
    if (!share)
      return refused(
        409,
        'signer.no_share',
        'This node holds no share of the key: its store was lost after the key was made. The other nodes sign with it.',
      );
    return accepted({ keyId, digest, pin, following: following.value, share });
  };

  const shareOf = ({ replica }: Following, orgId: string, keyId: string): KeyShare | null => {
    const key = find(replica.state, 'key', keyId);
    const certificate = key?.certificate as { readonly transcriptHash?: unknown } | undefined;
    if (key?.status !== 'Active' || typeof certificate?.transcriptHash !== 'string') return null;
    const share = shares.get(orgId, keyId, certificate.transcriptHash);
    return share && bytesToHex(share.publicKey) === key.publicKey ? share : null;
  };

  /** The pin rule of what this node released itself; windows and holders come from replay, the journal is a floor. */
  const judgePin = (ceremony: AcceptedCeremony, following: Following): Outcome<null> => {
    const activity = (id: string) => find(following.replica.state, 'activity', id);
    return journal.judgeRelease(ceremony, (other) => mayFollow(activity(ceremony.activityId), activity(other)));
  };

  return { judge, judgePin };
};

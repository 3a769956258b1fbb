import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { headsWith } from '@/lib/ledger/heartbeat';
import { ASKS, type AskMethod } from '@/lib/transport/messages';
import type { Branches } from './branches';
import type { Ceremonies } from './ceremonies';
import type { CeremonyDriver } from './ceremony-driver';
import type { DkgDriver } from './dkg-driver';
import type { Introduction } from './introduction';
import { UNHEARD } from './judgement';
import type { PairDriver } from './pair-driver';
import type { Following, ReplayDriver } from './replay-driver';
import type { RollbackGuard } from './rollback';
import type { Watch } from './watch';
import type { Witness } from './witness';

export type AnswersDeps = {
  readonly introduction: Pick<Introduction, 'hello'>;
  readonly replay: ReplayDriver;
  readonly branches: Branches;
  readonly watch: Watch;
  readonly witness: Witness;
  readonly releases: { compare(): void };
  readonly rollback: RollbackGuard;
  readonly readmission: { look(): void };
  readonly ceremonies: Ceremonies;
  readonly pairing: PairDriver;
  readonly dkg: DkgDriver;
  readonly signing: CeremonyDriver;
  /** Whether this node's own machine has stopped it for the organisation. */
  readonly isFrozen: (orgId: string) => boolean;
  /** Whether enough peers have said since this process began what they remember of this node. */
  readonly hasHeard: (following: Following) => boolean;
  /** Told when what the node says of itself has changed. */
  readonly changed: () => void;
};

const fromBase64 = ({ seq, bytes, body }: { readonly seq: number; readonly bytes: string; readonly body: string }) => ({
  seq,
  bytes: Buffer.from(bytes, 'base64'),
  body: Buffer.from(body, 'base64'),
});

const QUARANTINED = refused(409, 'signer.quarantined', 'This node is in quarantine.');

/** What the node answers to the coordinator. Parameters are parsed by the closed schema of the method first. */
export const createAnswers = (deps: AnswersDeps): ((method: AskMethod, params: unknown) => Outcome<unknown>) => {
  const { replay, branches, watch, witness, releases, rollback, readmission, ceremonies, pairing, dkg, signing } = deps;
  const { introduction, isFrozen, hasHeard, changed } = deps;
  const { isQuarantined } = rollback;
  /** Why this node says nothing that binds it: its store is an old copy, or could be one. */
  const outOfService = (orgId: string): Outcome<never> | null => {
    if (isQuarantined()) return QUARANTINED;
    const following = replay.find(orgId);
    return following.ok && !hasHeard(following.value) ? UNHEARD : null;
  };

  return (method, params) => {
    const parsed = ASKS[method].params.safeParse(params);
    if (!parsed.success) return refused(400, 'signer.malformed', `The parameters of ${method} are malformed.`);
    const asked = { method, params: parsed.data } as {
      [M in AskMethod]: { method: M; params: ReturnType<(typeof ASKS)[M]['params']['parse']> };
    }[AskMethod];
    switch (asked.method) {
      case 'feed': {
        const items = asked.params.items.map(fromBase64);
        const before = { stopped: replay.stopped().length, voids: replay.voids() };
        const result = replay.extend(asked.params.orgId, items, asked.params.testimony);
        watch.compare(asked.params.orgId);
        rollback.look();
        if (replay.stopped().length !== before.stopped || replay.voids() !== before.voids) changed();
        return result.ok
          ? accepted({ head: result.value && { seq: result.value.seq, hash: result.value.hash } })
          : result;
      }
      case 'ledger.read':
        return accepted(replay.read(asked.params.orgId, asked.params.seq, asked.params.offset));
      case 'branch.holds':
        return accepted({ holds: replay.hashAt(asked.params.orgId, asked.params.seq) === asked.params.hash });
      case 'branch.offer': {
        const { orgId, from, items, isLast } = asked.params;
        const outcome = branches.offer(orgId, { from, items: items.map(fromBase64), isLast });
        if (isLast) changed();
        return outcome;
      }
      case 'testimony.sign':
        return isQuarantined() ? QUARANTINED : witness.testify(asked.params.orgId, asked.params.seq);
      case 'checkpoint.sign':
        return outOfService(asked.params.orgId) ?? witness.signCheckpoint(asked.params);
      case 'heartbeat.sign':
        return isQuarantined() ? QUARANTINED : watch.signHeartbeat(asked.params.at, asked.params.heads);
      case 'heartbeat.hear': {
        const { at, heads, beats } = asked.params;
        const before = replay.stopped().length;
        watch.hear(
          beats.map(({ node: peer, root, signature, ...differences }) => ({
            node: peer,
            at,
            root,
            signature,
            heads: headsWith(heads, differences),
          })),
        );
        releases.compare();
        readmission.look();
        if (replay.stopped().length !== before) changed();
        return accepted({});
      }
      case 'abandon.sign':
        return outOfService(asked.params.orgId) ?? witness.signAbandon(asked.params.orgId, asked.params.activityId);
      case 'pair.begin':
        return pairing.begin(asked.params);
      case 'dkg.begin':
        if (isFrozen(asked.params.orgId))
          return refused(409, 'signer.frozen', 'This node is frozen on its own machine.');
        return isQuarantined() ? QUARANTINED : dkg.begin(asked.params);
      case 'sign.accept':
        return signing.accept(asked.params.bundle);
      case 'sign.begin':
        return signing.begin(asked.params.bundleHash, asked.params.accepts);
      case 'ceremony.end':
        ceremonies.abort(asked.params.ceremonyId, 'ended by the coordinator');
        return accepted({});
      case 'peers.tell':
        return accepted(introduction.hello(asked.params.challenge));
      case 'peers.seen':
        rollback.hear(asked.params.reports);
        return accepted({});
    }
  };
};

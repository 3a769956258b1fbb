import type { LedgerService } from '@/lib/activity/ports';
import type { IdentityStore } from '@/lib/authentication/ports';
import type { Outcome } from '@/lib/domain/refusal';
import { makeEvidence } from '@/lib/evidence/activity-evidence/make';
import { LEDGER_PORTS } from './ledger-ports';
import { rememberingPorts } from './remembering-ports';

/** Entries replayed between two looks at the database; other requests are served in between. */
const PAGE = 50;

/**
 * Evidence out of the stored ledger. A ledger is replayed from its first entry on, one at a time in a process: asking often costs
 * whoever asks, not the others. A signature that held for the last who asked is not verified again.
 */
export const evidenceFrom = (
  ledger: Pick<LedgerService, 'feed'>,
  findPeople: IdentityStore['findPeople'],
): ((orgId: string, activityId: string, lastSeq: number) => Promise<Outcome<Uint8Array>>) => {
  const ports = rememberingPorts(LEDGER_PORTS);
  let last: Promise<unknown> = Promise.resolve();
  const make = async (orgId: string, activityId: string, lastSeq: number): Promise<Outcome<Uint8Array>> => {
    const maker = makeEvidence({ orgId, activityId, lastSeq }, ports);
    for (let from = 0; ; from += PAGE) {
      const items = await ledger.feed(orgId, from, PAGE);
      for (const item of items) {
        const taken = maker.take(item);
        if (!taken.ok) return taken;
        if (taken.value) return finish(maker, orgId);
      }
      if (items.length < PAGE) return finish(maker, orgId);
    }
  };
  const finish = async (maker: ReturnType<typeof makeEvidence>, orgId: string): Promise<Outcome<Uint8Array>> => {
    const people = await findPeople(orgId, maker.userIds());
    const stated = people.map(({ userId, username }) => ({ userId, name: username }));
    return maker.finish(stated.sort((a, b) => (a.userId < b.userId ? -1 : 1)));
  };
  return (orgId, activityId, lastSeq) => {
    const made = last.then(() => make(orgId, activityId, lastSeq));
    last = made.catch(() => undefined);
    return made;
  };
};

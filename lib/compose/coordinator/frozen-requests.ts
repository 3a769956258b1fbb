import type { ActivityRecord } from '@/lib/ledger/records';
import type { CoordinatorPorts } from './ports';
import { type Again, noteRefusal, type SignJob, STALLED_MS } from './sign-job';

/** Approved requests that a freeze of their organisation or wallet keeps from being signed. They wait, say why, and go on after it. */
export type FrozenRequests = {
  /** Keeps the request if it is frozen. @returns when to look again, or null when nothing freezes it (any more). */
  wait(job: SignJob, activity: ActivityRecord): Promise<{ again: Again } | null>;
  /** Looks whether anything that waits in the organisation was un-frozen, and wakes it: called whenever entries were chained. */
  look(orgId: string): void;
};

type Waiting = { readonly job: SignJob; readonly activity: ActivityRecord };

export const createFrozenRequests = (
  ports: Pick<CoordinatorPorts, 'records' | 'wake' | 'nodes' | 'log'>,
): FrozenRequests => {
  const waiting = new Map<string, Map<string, Waiting>>();
  const looking = new Map<string, 'once' | 'again'>();

  const forget = ({ orgId, activityId }: SignJob): void => {
    waiting.get(orgId)?.delete(activityId);
    if (waiting.get(orgId)?.size === 0) waiting.delete(orgId);
  };

  const wakeThawed = async (orgId: string): Promise<void> => {
    // Requests of one key and kind are frozen by the same freezes: one of them tells of all.
    const groups = new Map<string, Waiting[]>();
    for (const item of waiting.get(orgId)?.values() ?? []) {
      const { keyId, kind, network, walletId } = item.activity;
      const name = [keyId, kind, network, walletId].join(' ');
      groups.set(name, [...(groups.get(name) ?? []), item]);
    }
    for (const group of groups.values()) {
      const [first] = group;
      if (!first || (await ports.records.freeze(orgId, first.activity))) continue;
      for (const { job } of group) {
        forget(job);
        await ports.wake(job);
      }
    }
  };

  const look = (orgId: string): void => {
    if (!waiting.has(orgId)) return;
    if (looking.has(orgId)) {
      looking.set(orgId, 'again');
      return;
    }
    looking.set(orgId, 'once');
    // A look that fails is made up for by the job's own timer.
    void wakeThawed(orgId)
      .catch((error: unknown) => ports.log('warn', 'Could not look for un-frozen requests.', { err: error }))
      .finally(() => {
        const isDue = looking.get(orgId) === 'again';
        looking.delete(orgId);
        if (isDue) look(orgId);
      });
  };

  return {
    look,
    wait: async (job, activity) => {
      // Noted first, so that an un-freeze at this very moment is not slept through.
      const ofOrg = waiting.get(job.orgId) ?? new Map<string, Waiting>();
      waiting.set(job.orgId, ofOrg.set(job.activityId, { job, activity }));
      const freeze = await ports.records.freeze(job.orgId, activity);
      if (!freeze) {
        forget(job);
        return null;
      }
      ports.log('info', 'A request waits: it is frozen.', { ...job, code: freeze.code });
      await noteRefusal(job, 0, freeze, ports);
      return { again: { againInMs: STALLED_MS } };
    },
  };
};

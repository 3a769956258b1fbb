import { holdersOf } from '@/lib/ledger/nodes';
import { freePin, giveUpUnsignable, waitForNodes } from './give-up';
import { reserve } from './reserve';
import { screenBeforeSigning } from './screen-before-signing';
import { ableNodes, type SignActivityDeps } from './sign-deps';
import type { Again, SignJob } from './sign-job';
import { signReserved } from './sign-reserved';

/** Brings an approved activity to its signature. Does what is left to do, so that it can be called again at any point. */
export const signActivity = async (job: SignJob, deps: SignActivityDeps, signal?: AbortSignal): Promise<Again> => {
  const { ports } = deps;
  const activity = await ports.records.activity(job.orgId, job.activityId);
  if (!activity) return undefined;
  if (activity.status === 'Released' && activity.release && !activity.chain) {
    await ports.onReleased(job.orgId, activity, activity.release.signature);
    return undefined;
  }
  if (activity.status !== 'Approved' && activity.status !== 'Reserved') return undefined;
  if (activity.chain?.status === 'Failed')
    return activity.status === 'Reserved' ? freePin(job, activity.chain.reason, deps) : undefined;
  const key = await ports.records.key(job.orgId, activity.keyId);
  const org = await ports.records.org(job.orgId);
  const holders = org && key ? holdersOf(org, key) : [];
  const able = ableNodes(job, deps).filter((node) => holders.includes(node));
  if (able.length < deps.quorum.k) return waitForNodes(job, activity, deps);
  deps.waitingSince.delete(job.activityId);
  const started = performance.now();
  if (key?.status !== 'Active' || !key.publicKey) return { againInMs: 1_000 };
  const waits = await screenBeforeSigning(job, deps);
  if (waits) return waits.again;
  // A fresh reservation was judged by its entry.
  const ended = activity.status === 'Reserved' && (await giveUpUnsignable(job, activity, deps));
  if (ended) return ended.again;
  const reserved = await reserve(job, activity, key, deps);
  if (!('unsigned' in reserved)) return reserved.again;
  return signReserved(job, activity, { publicKey: key.publicKey, holders, prepared: reserved, started, deps, signal });
};

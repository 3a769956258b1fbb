import type { Evidence } from '@/lib/contract/evidence';
import type { ActivityRecord } from '@/lib/ledger/records';
import { find } from '@/lib/ledger/state';
import { sayReceipt } from './check-signing';
import type { Trail } from './trail';

/** What no file can prove, said plainly: a reader must know where proof ends. */
export const notChecked = (
  evidence: Evidence,
  trail: Trail,
  activity: ActivityRecord,
  expected: { readonly genesis?: string | undefined },
): string[] => {
  const wallet = activity.walletId ? find(trail.replica.state, 'wallet', activity.walletId) : undefined;
  const receipt = sayReceipt(activity, wallet?.network);
  const last = evidence.entries.length - 1;
  const covered = trail.witnessed?.seq ?? -1;
  return [
    ...(expected.genesis
      ? []
      : ['Whose organisation this is: no fingerprint was given to compare the genesis with. Ask its people for it.']),
    ...(receipt
      ? [
          `What the chain did: “${receipt}” is what the server saw. Look the hash up at a node of the chain that you trust.`,
        ]
      : []),
    ...(activity.release
      ? [
          'Which nodes made the signature: the server states it. The signature itself proves that at least the threshold did.',
        ]
      : []),
    ...(evidence.stated.people.length > 0
      ? ['Names of people: the server states them. What is proven is the id and the key of each.']
      : []),
    ...(last > covered + 1
      ? [
          `Entries ${covered + 1} to ${last} lie above the last checkpoint or are it: no node has witnessed their place yet.`,
        ]
      : []),
    `What came after entry ${last}: the ledger goes on.`,
    'That there is no second branch of this ledger: compare the checkpoint with what the signer nodes show.',
  ];
};

import type { Person } from './person';
import type { System } from './system';
import { newPayer, type Payment, pay } from './transfers';
import { invite } from './world';

const OF_APPROVERS = [
  'Auth:Users:Read',
  'Policies:Approvals:Approve',
  'Policies:Approvals:Read',
  'Policies:Read',
  'Wallets:Read',
  'Wallets:Transfers:Read',
];

/** An organisation in which that many transfers wait for one approver. */
export const requestsThatWait = async (
  system: System,
  count: number,
): Promise<{ readonly approver: Person; readonly payments: readonly Payment[] }> => {
  const payer = await newPayer(system);
  const approver = await invite(system, payer.admin, OF_APPROVERS);
  await payer.admin.client.policies.createPolicy({
    body: {
      name: 'Finance agrees',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      action: {
        kind: 'RequestApproval',
        approvalGroups: [{ name: 'Finance', quorum: 1, approvers: { userId: { in: [approver.userId] } } }],
      },
    },
  } as Parameters<typeof payer.admin.client.policies.createPolicy>[0]);
  const payments: Payment[] = [];
  while (payments.length < count) payments.push(await pay(payer));
  return { approver, payments };
};

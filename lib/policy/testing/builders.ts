import { parseDecimal, ZERO } from '@/lib/domain/decimal';
import type { Facts } from '../facts';
import type { ApprovalGroup, Policy, PolicyActivity, PolicyDefinition, RequiredGroup, WindowTotal } from '../policy';
import type { Vote } from '../quorum';

/** A policy on Wallets:Sign that always triggers and blocks, unless told otherwise. */
export const aPolicy = (id: string, definition: Partial<PolicyDefinition> = {}): Policy => ({
  id,
  version: `v-${id}`,
  status: 'Active',
  definition: {
    name: id,
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger' },
    action: { kind: 'Block' },
    ...definition,
  },
});

export const aGroup = (
  quorum: number,
  users?: readonly string[],
  extra: Partial<ApprovalGroup> = {},
): ApprovalGroup => ({
  quorum,
  approvers: users ? { userId: { in: users } } : {},
  ...extra,
});

export const aRequiredGroup = (...group: Parameters<typeof aGroup>): RequiredGroup => ({
  ...aGroup(...group),
  policyId: 'plc-1',
  index: 0,
});

/** A transfer of 2.5 ETH at 3000 USD to a known recipient. */
export const someFacts = (facts: Partial<Facts> = {}): Facts => ({
  kind: 'transfer',
  network: 'EthereumSepolia',
  recipient: '0x00000000000000000000000000000000000000aa',
  asset: { kind: 'Native' },
  amount: '2500000000000000000',
  quote: { usd: '3000', decimals: 18 },
  feeCeiling: '1',
  ...facts,
});

/** A window with that many requests, worth so many US dollars together. */
export const aTotal = (count: number, usd = '0', unknown = 0): WindowTotal => ({
  count,
  usd: parseDecimal(usd) ?? ZERO,
  unknown,
});

export const anActivity = (activity: Partial<PolicyActivity> = {}): PolicyActivity => ({
  kind: 'Wallets:Sign',
  subject: { wallets: [{ id: 'wa-1', tags: ['treasury', 'hot'] }] },
  facts: someFacts(),
  inWindow: () => [],
  ...activity,
});

export const approves = (userId: string, extra: Partial<Vote> = {}): Vote => ({
  userId,
  isServiceAccount: false,
  live: true,
  value: 'Approved',
  ...extra,
});

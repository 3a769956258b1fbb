import { expect, test } from 'vitest';
import type { ActivitySummary } from '@/lib/client/shapes';
import { activityText } from './activity-text';

const TO = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const activity: ActivitySummary = {
  id: 'xfr-1',
  kind: 'Transfer',
  keyId: 'key-1',
  walletId: 'wa-1',
  network: 'EthereumSepolia',
  requester: { userId: 'us-1' },
  status: 'Pending',
  dateRequested: '2026-11-27T09:00:00.000Z',
  facts: {
    kind: 'transfer',
    network: 'EthereumSepolia',
    recipient: TO,
    asset: { kind: 'Native' },
    amount: '1500000000000000000',
    quote: null,
    feeCeiling: null,
  },
};
const known = { names: new Map([['wa-1', 'Treasury']]), wallets: new Map([[TO.toLowerCase(), { name: 'Payroll' }]]) };

test('a request is found by the names its row shows, and by what the row shortens', () => {
  const text = activityText(activity, known);
  for (const part of ['Treasury', 'Payroll', TO, '1.5 ETH', 'xfr-1']) expect(text).toContain(part);
  expect(activityText(activity, { names: new Map(), wallets: new Map() })).toContain('from wa-1');
});

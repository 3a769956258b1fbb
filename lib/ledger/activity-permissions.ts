import type { ActivityRecord } from './records';

/** Operations any one of which allows asking for an activity of that kind; asked again before it is signed. */
export const ACTIVITY_PERMISSIONS: { readonly [K in ActivityRecord['kind']]: readonly string[] } = {
  Transfer: ['Wallets:Transfers:Create', 'Wallets:Sign'],
  Transaction: ['Wallets:Transactions:Create', 'Wallets:BroadcastTransaction', 'Wallets:Sign'],
  Signature: ['Keys:Signatures:Create', 'Wallets:GenerateSignature', 'Wallets:Sign'],
};

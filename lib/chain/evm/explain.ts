import type { Facts } from '@/lib/policy/facts';
import type { ChainRules, Intent } from '../adapter';
import { checksummed } from '../checksum';
import { callOf, readErc20Transfer } from './call';
import { feeCeilingOf } from './fee';

type Movement = Pick<Facts, 'kind' | 'recipient' | 'asset' | 'amount'>;

const UNKNOWN = { recipient: null, asset: null, amount: null } as const;

/**
 * What an intent moves. Recipients come with EIP-55 letter case, as people compare them; contracts in lower case, as they are looked up.
 * Anything but a plain transfer of one asset is unknown, also token calldata that sends native value along.
 */
const movementOf = (intent: Intent): Movement => {
  if (intent.activityKind === 'Signature') return { kind: 'signature', ...UNKNOWN };
  const call = callOf(intent);
  if (!call?.to) return { kind: intent.activityKind === 'Transfer' ? 'transfer' : 'contractCall', ...UNKNOWN };
  if (call.data === '0x')
    return {
      kind: 'transfer',
      recipient: checksummed(call.to),
      asset: { kind: 'Native' },
      amount: call.value.toString(),
    };
  const token = call.value === 0n ? readErc20Transfer(call.data) : null;
  if (!token) return { kind: 'contractCall', ...UNKNOWN };
  return {
    kind: 'transfer',
    recipient: checksummed(token.to),
    asset: { kind: 'Erc20', contract: call.to },
    amount: token.amount.toString(),
  };
};

export const explainIntent: ChainRules['explainIntent'] = (intent, quote) => {
  const movement = movementOf(intent);
  return {
    ...movement,
    network: intent.network,
    quote: movement.asset === null ? null : quote,
    feeCeiling: feeCeilingOf(intent)?.toString() ?? null,
  };
};

export const quotedAsset: ChainRules['quotedAsset'] = (intent) => {
  const { asset } = movementOf(intent);
  if (asset === null) return null;
  return { network: intent.network, asset: asset.kind === 'Native' ? 'native' : asset.contract };
};

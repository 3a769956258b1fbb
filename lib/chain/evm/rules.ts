import type { ChainRules } from '../adapter';
import { addressOf, attach } from './attach';
import { checkCancel, checkUnsigned, outbids } from './check';
import { checkIntent } from './check-intent';
import { explainIntent, quotedAsset } from './explain';
import { feeCeilingOf } from './fee';
import { EVM_NETWORKS } from './networks';
import { checkSpeedUp, leastSpeedUp } from './speed-up';

/** The pure rules of all EVM networks; they differ by data only. */
export const EVM_RULES: ChainRules = {
  family: 'evm',
  deriveAddress: (publicKey, network) => (EVM_NETWORKS.has(network) ? addressOf(publicKey) : null),
  checkIntent,
  explainIntent,
  quotedAsset,
  feeCeiling: (intent) => feeCeilingOf(intent)?.toString() ?? null,
  checkUnsigned,
  checkCancel,
  checkSpeedUp,
  leastSpeedUp,
  outbids,
  attach,
};

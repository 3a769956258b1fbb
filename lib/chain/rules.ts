import type { ChainRulesFor } from './adapter';
import { EVM_NETWORKS } from './evm/networks';
import { EVM_RULES } from './evm/rules';
import { KEY_ONLY_RULES } from './key-only/rules';

/** The rules of a network, or null when this version does not serve it. Whether the operator allows a mainnet is asked elsewhere. */
export const chainRulesFor: ChainRulesFor = (network) => {
  if (network === 'KeyECDSA') return KEY_ONLY_RULES;
  return EVM_NETWORKS.has(network) ? EVM_RULES : null;
};

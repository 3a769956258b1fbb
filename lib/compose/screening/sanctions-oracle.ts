import type { EvmClient } from '@/lib/chain/evm/client';
import { failed, type ScreeningProvider } from './provider';

/** First four bytes of the hash of `isSanctioned(address)`. */
const IS_SANCTIONED = '0xdf592f7d';
const WORD = /^0x0{63}([01])$/;
const EVM_ADDRESS = /^0x[0-9a-f]{40}$/i;

/** Reads a contract on the transfer's own chain, `isSanctioned(address) view returns (bool)`. Nobody outside the chain's nodes is told. */
export const sanctionsOracle = (options: {
  /** Contract of each network that has one. */
  readonly contracts: Readonly<Record<string, string>>;
  readonly clients: (network: string) => Pick<EvmClient, 'call'> | null;
}): ScreeningProvider => ({
  name: 'On-chain sanctions oracle',
  vendor: 'Chainalysis',
  where: Object.entries(options.contracts)
    .map(([network, contract]) => `${network} ${contract}`)
    .join(', '),
  screen: async ({ transfer, counterparty }) => {
    const contract = options.contracts[transfer.network];
    if (!contract) return { outcome: 'unsupportedNetwork' };
    const client = options.clients(transfer.network);
    if (!client) return failed(`no node of ${transfer.network} is configured`);
    if (!EVM_ADDRESS.test(counterparty)) return failed('not an address of this chain');
    const data = `${IS_SANCTIONED}${counterparty.slice(2).toLowerCase().padStart(64, '0')}`;
    const word = WORD.exec(await client.call(contract, data));
    // No contract there answers nothing at all: that is no clean answer.
    if (!word) return failed('the contract does not answer');
    return {
      outcome: 'screened',
      findings: word[1] === '1' ? [{ kind: 'sanctions', category: 'sanctions', categoryId: null }] : [],
    };
  },
});

import type { EvmClient } from '@/lib/chain/evm/client';
import { formatDecimal } from '@/lib/domain/decimal';
import type { Environment } from '@/lib/env';
import { globalLedger, notabene } from './bridges';
import { chainalysisKyt, KYT_URL } from './chainalysis-kyt';
import type { ScreeningProvider } from './provider';
import { SANCTIONS_URL, sanctionsApi } from './sanctions-api';
import { sanctionsList } from './sanctions-list';
import { sanctionsOracle } from './sanctions-oracle';

/** The sources the operator has named; nothing leaves this machine for a source that is not. */
export const configuredProviders = (
  { screening }: Pick<Environment, 'screening'>,
  clients: (network: string) => EvmClient | null,
): readonly ScreeningProvider[] => {
  const { secretChainalysisKey, secretSanctionsKey, sanctionsFile } = screening;
  const describe = async (network: string, asset: string, amount: string) => {
    const client = clients(network);
    if (!client) return null;
    const { decimals, symbol } =
      asset === 'native'
        ? { decimals: 18, symbol: client.network.symbol }
        : { symbol: asset, ...(await client.tokenMetadata(asset)) };
    // A number is what the vendor takes; it is for their statistics and no rule of ours reads it.
    return { symbol, amount: Number(formatDecimal({ digits: BigInt(amount), scale: decimals })) };
  };
  return [
    ...(secretChainalysisKey
      ? [chainalysisKyt({ url: screening.chainalysisUrl ?? KYT_URL, secretKey: secretChainalysisKey, describe })]
      : []),
    ...(secretSanctionsKey
      ? [sanctionsApi({ url: screening.sanctionsUrl ?? SANCTIONS_URL, secretKey: secretSanctionsKey })]
      : []),
    ...(Object.keys(screening.sanctionsOracles).length > 0
      ? [sanctionsOracle({ contracts: screening.sanctionsOracles, clients })]
      : []),
    ...(sanctionsFile ? [sanctionsList({ file: sanctionsFile, maxAgeDays: screening.sanctionsMaxAgeDays })] : []),
    ...(screening.globalLedgerUrl
      ? [globalLedger({ url: screening.globalLedgerUrl, secretKey: screening.secretGlobalLedgerKey })]
      : []),
    ...(screening.notabeneUrl
      ? [notabene({ url: screening.notabeneUrl, secretKey: screening.secretNotabeneKey })]
      : []),
  ];
};

import { generateKeyPairSync, sign } from 'node:crypto';
import { priceHash, type SignedPrice } from '@/lib/evidence/checkpoint';
import {
  type ScreenedTransfer,
  type ScreeningFact,
  type SignedScreening,
  screeningHash,
} from '@/lib/evidence/screening';

/** An oracle with a key of its own: by default 3000 US dollars for one native coin, and nothing against anybody. */
export const testOracle = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const oracleKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('hex');
  const price = (network: string, at: number, usd = '3000'): SignedPrice => {
    const fact = { network, asset: 'native', decimals: 18, usd, at };
    return { ...fact, oracleKey, signature: sign(null, priceHash(fact), privateKey).toString('hex') };
  };
  /** By default an answer of Chainalysis that found nothing. */
  const screening = (transfer: ScreenedTransfer, at: number, more: Partial<ScreeningFact> = {}): SignedScreening => {
    const said = { vendor: 'Chainalysis', outcome: 'screened', sources: ['a source'], findings: [] } as const;
    const fact: ScreeningFact = { ...transfer, ...said, at, ...more };
    return { ...fact, oracleKey, signature: sign(null, screeningHash(fact), privateKey).toString('hex') };
  };
  return { publicKey: oracleKey, price, screening };
};

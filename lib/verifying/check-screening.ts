import { transferAsked, verifyScreenings } from '@/lib/evidence/screening';
import type { Genesis } from '@/lib/ledger/genesis';
import type { Screening } from '@/lib/policy/screening';
import type { OwnEntry } from './ledger-entry';
import type { Facts } from './shapes';

/** What this client can say of a vendor's answer in a request's entry. */
export type ScreeningCheck = {
  readonly vendor: string;
  /** `open`: this client does not know the oracle's keys. `refused`: signed by no oracle, about another transfer, or too old. */
  readonly state: 'verified' | 'refused' | 'open';
  /** What was said; only where it is verified. */
  readonly screening?: Pick<Screening, 'outcome' | 'reason' | 'sources' | 'findings' | 'score' | 'message' | 'at'>;
};

const vendorOf = (item: unknown): string =>
  typeof item === 'object' && item !== null && 'vendor' in item && typeof item.vendor === 'string'
    ? item.vendor
    : 'a vendor';

/**
 * Verifies the vendors' answers that a request's entry carries, as API and signers do: signed by an oracle of the genesis, about exactly the
 * transfer decoded here, fresh when it was asked. Answers renewed before signing stand in entries of their own and are not read here.
 * @param facts Decoded from the entry by this client.
 * @param genesis Whose hash this client knows; null where it could not read it.
 * @returns one line a vendor; empty where nobody was asked.
 */
export const checkScreenings = (
  { statement, effects, at }: OwnEntry,
  facts: Facts,
  genesis: Genesis | null,
  verify: (publicKey: string, message: Uint8Array, signature: string) => boolean,
): readonly ScreeningCheck[] => {
  const given: readonly unknown[] = Array.isArray(effects['screening']) ? effects['screening'] : [];
  const vendors = [...new Set(given.map(vendorOf))];
  if (!genesis) return vendors.map((vendor) => ({ vendor, state: 'open' }));
  const from = statement.context['address'];
  const transfer = transferAsked(statement.orgId, typeof from === 'string' ? from : undefined, facts);
  const genuine = transfer ? verifyScreenings(given, { transfer, at, oracleKeys: genesis.oracleKeys, verify }) : [];
  return vendors.map((vendor): ScreeningCheck => {
    const screening = genuine.find((one) => one.vendor === vendor);
    return screening ? { vendor, state: 'verified', screening } : { vendor, state: 'refused' };
  });
};

import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hashParts } from '@/lib/domain/hash';
import type { Facts } from '@/lib/policy/facts';
import {
  ALERT_LEVELS,
  type Finding,
  joinScreenings,
  MESSAGE_STATES,
  SCREENING_OUTCOMES,
  SCREENING_VENDORS,
  type Screening,
} from '@/lib/policy/screening';

/** A signed screening counts for this long, unix ms: at the entry that carries it, and until the signature is made. */
export const SCREENING_TTL_MS = 5 * 60_000;
/** How far the oracle's clock may be ahead of the server's. */
const CLOCK_SKEW_MS = 30_000;
/** More than any vendor has kinds of findings; keeps an entry small. */
export const MOST_FINDINGS = 200;

/** The transfer that was screened. Every member is signed: a fact of one transfer says nothing about another. */
export type ScreenedTransfer = {
  readonly orgId: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly network: string;
  /** `native` or a contract in lower case. */
  readonly asset: string;
  /** Addresses; those of EVM networks in lower case. */
  readonly from: string;
  readonly to: string;
  /** Base units, decimal string. */
  readonly amount: string;
  /** Of an incoming transfer its transaction and place in it; `dry-run` of one that is only tried; else empty: not on a chain yet. */
  readonly reference: string;
};

const TRIAL = 'dry-run';
/** The transfer as it is screened for a dry run: what is signed of it says nothing about the transfer itself. */
export const trialOf = (transfer: ScreenedTransfer): ScreenedTransfer => ({ ...transfer, reference: TRIAL });
export const isTrial = ({ reference }: Pick<ScreenedTransfer, 'reference'>): boolean => reference === TRIAL;

/** The transfer that a request makes, as a vendor is asked about it; null where who receives what can't be told: nobody can screen that. */
export const transferAsked = (
  orgId: string,
  from: string | undefined,
  { recipient, asset, amount, network }: Pick<Facts, 'recipient' | 'asset' | 'amount' | 'network'>,
): ScreenedTransfer | null =>
  from === undefined || from === '' || recipient === null || asset === null || amount === null
    ? null
    : {
        orgId,
        direction: 'outgoing',
        network,
        asset: asset.kind === 'Native' ? 'native' : plainAddress(asset.contract),
        from: plainAddress(from),
        to: plainAddress(recipient),
        amount,
        reference: '',
      };

/** What the oracle signs: the transfer, and what the vendor said of it. */
export type ScreeningFact = ScreenedTransfer & Screening;
export type SignedScreening = ScreeningFact & { readonly oracleKey: string; readonly signature: string };

const MEMBERS = [
  'orgId',
  'direction',
  'network',
  'asset',
  'from',
  'to',
  'amount',
  'reference',
  'vendor',
  'outcome',
  'reason',
  'sources',
  'findings',
  'score',
  'message',
  'at',
] as const satisfies readonly (keyof ScreeningFact)[];

/** The 32 bytes the oracle signs, over every member of the fact in canonical form. */
export const screeningHash = (fact: ScreeningFact): Uint8Array =>
  hashParts(
    'countersign/screening/1',
    canonicalJson(Object.fromEntries(MEMBERS.map((member) => [member, fact[member] as Json | undefined]))),
  );

const EVM_ADDRESS = /^0x[0-9a-f]{40}$/i;
/** Addresses of EVM networks are compared without case, others exactly. */
export const plainAddress = (address: string): string => (EVM_ADDRESS.test(address) ? address.toLowerCase() : address);

const isText = (value: unknown, most = 200): value is string => typeof value === 'string' && value.length <= most;
const isOneOf = <T extends string>(list: readonly T[], value: unknown): value is T =>
  list.some((item) => item === value);

const isFinding = (value: unknown): value is Finding => {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, category, categoryId, level } = value as Record<string, unknown>;
  return (
    isOneOf(['alert', 'exposure', 'address', 'sanctions'], kind) &&
    isText(category) &&
    (categoryId === null || Number.isSafeInteger(categoryId)) &&
    (kind === 'alert' ? isOneOf(ALERT_LEVELS, level) : level === undefined)
  );
};

const isMessage = (value: unknown): boolean => {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { state, since } = value as Record<string, unknown>;
  return isOneOf(MESSAGE_STATES, state) && Number.isSafeInteger(since);
};

const isScore = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 100);

const isFact = (value: unknown): value is SignedScreening => {
  if (typeof value !== 'object' || value === null) return false;
  const fact = value as Record<string, unknown>;
  return (
    Object.keys(fact).every((name) => [...MEMBERS, 'oracleKey', 'signature'].includes(name)) &&
    ['orgId', 'direction', 'network', 'asset', 'from', 'to', 'amount', 'reference'].every((name) =>
      isText(fact[name], 300),
    ) &&
    isText(fact.oracleKey) &&
    isText(fact.signature) &&
    isOneOf(SCREENING_VENDORS, fact.vendor) &&
    isOneOf(SCREENING_OUTCOMES, fact.outcome) &&
    (fact.reason === undefined || isText(fact.reason)) &&
    Array.isArray(fact.sources) &&
    fact.sources.length <= 20 &&
    fact.sources.every((source) => isText(source)) &&
    Array.isArray(fact.findings) &&
    fact.findings.length <= MOST_FINDINGS &&
    fact.findings.every(isFinding) &&
    isScore(fact.score) &&
    isMessage(fact.message) &&
    Number.isSafeInteger(fact.at)
  );
};

const SUBJECT = ['orgId', 'direction', 'network', 'asset', 'from', 'to', 'amount', 'reference'] as const;

/** Whether a fact signed at `signedAt` still counts at `at`, both unix ms. */
export const isFreshScreening = (signedAt: number, at: number): boolean =>
  signedAt <= at + CLOCK_SKEW_MS && signedAt >= at - SCREENING_TTL_MS;

/**
 * The screenings among `given` that are of exactly this transfer, signed by one of the organisation's oracle keys, and fresh at `at`
 * (unix ms): one per vendor. Everything else is left out: what is not here is unknown.
 */
export const verifyScreenings = (
  given: unknown,
  expected: {
    readonly transfer: ScreenedTransfer;
    readonly at: number;
    /** Ed25519 public keys, hex. */
    readonly oracleKeys: readonly string[];
    readonly verify: (publicKey: string, message: Uint8Array, signature: string) => boolean;
  },
): readonly Screening[] => {
  if (!Array.isArray(given) || given.length > 2 * SCREENING_VENDORS.length) return [];
  const byVendor = new Map<string, Screening>();
  for (const item of given) {
    if (!isFact(item) || !expected.oracleKeys.includes(item.oracleKey)) continue;
    if (SUBJECT.some((member) => item[member] !== expected.transfer[member])) continue;
    if (!isFreshScreening(item.at, expected.at)) continue;
    if (!expected.verify(item.oracleKey, screeningHash(item), item.signature)) continue;
    const known = byVendor.get(item.vendor);
    const read = screeningOf(item);
    byVendor.set(item.vendor, known ? joinScreenings(known, read) : read);
  }
  return [...byVendor.values()];
};

const screeningOf = (fact: SignedScreening): Screening => ({
  vendor: fact.vendor,
  outcome: fact.outcome,
  ...(fact.reason === undefined ? {} : { reason: fact.reason }),
  sources: fact.sources,
  findings: fact.findings,
  ...(fact.score === undefined ? {} : { score: fact.score }),
  ...(fact.message === undefined ? {} : { message: fact.message }),
  at: fact.at,
});

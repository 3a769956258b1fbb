import { isFreshScreening, type ScreenedTransfer, transferAsked, verifyScreenings } from '@/lib/evidence/screening';
import type { Facts } from '@/lib/policy/facts';
import { filtersMatch } from '@/lib/policy/filters';
import type { ActivityKind, Policy, PolicyActivity, PolicyDecision } from '@/lib/policy/policy';
import { vendorOfRule } from '@/lib/policy/rules/screening';
import { isWorse, renewScreening, type Screening, type ScreeningVendor } from '@/lib/policy/screening';
import { concernedWallets } from './concerned-wallets';
import { isBeyondPolicy } from './delegation';
import { judgedWallets } from './judged-wallets';
import { policiesInForce } from './policies';
import type { LedgerPorts } from './ports';
import type { ActivityRecord, Decision, WalletRecord } from './records';
import { all, find, type OrgState } from './state';

/** The transfer that a request of this organisation makes, as a vendor is asked about it. */
export const outgoingTransfer = (
  state: OrgState,
  wallet: Pick<WalletRecord, 'address'> | undefined,
  facts: Facts,
): ScreenedTransfer | null => {
  const org = all(state, 'org')[0];
  return org ? transferAsked(org.id, wallet?.address, facts) : null;
};

/** A vendor that has to be asked, and the name under which the vendor groups this wallet's transfers. */
export type VendorAsked = { readonly vendor: ScreeningVendor; readonly userId: string };

/** The vendors whose answers the policies, those in force at that time (unix ms), would read: nobody else is told of a transfer. */
export const vendorsAsked = (
  state: OrgState,
  kind: ActivityKind,
  wallets: readonly WalletRecord[],
  at: number,
  policies: readonly Policy[] = policiesInForce(state, at),
): readonly VendorAsked[] => {
  const orgId = all(state, 'org')[0]?.id ?? '';
  const subject = { wallets: judgedWallets(wallets, at) };
  const asked = new Map<ScreeningVendor, VendorAsked>();
  const reading = policies
    .filter(({ definition }) => definition.activityKind === kind && vendorOfRule(definition.rule.kind) !== null)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const { status, definition } of reading) {
    const vendor = vendorOfRule(definition.rule.kind);
    if (status === 'Archived' || !vendor || asked.has(vendor)) continue;
    if (!filtersMatch(definition.filters, { kind, subject })) continue;
    const template = definition.rule.configuration?.userIdTemplate;
    const [wallet] = wallets;
    const userId =
      typeof template === 'string' && template !== ''
        ? template
            .replaceAll('{wallet.id}', wallet?.id ?? '')
            .replaceAll('{wallet.externalId}', wallet?.externalId ?? '')
        : orgId;
    asked.set(vendor, { vendor, userId });
  }
  return [...asked.values()];
};

/** The genuine screenings of the transfer among what an entry carries, fresh at the entry's `at`. */
export const screeningsOf = (
  given: unknown,
  input: {
    readonly state: OrgState;
    readonly transfer: ScreenedTransfer | null;
    readonly at: number;
    readonly verify: LedgerPorts['verifyEd25519'];
  },
): readonly Screening[] => {
  const oracleKeys = all(input.state, 'org')[0]?.genesis.oracleKeys;
  if (given === undefined || !input.transfer || !oracleKeys) return [];
  return verifyScreenings(given, { transfer: input.transfer, at: input.at, oracleKeys, verify: input.verify });
};

/** What rules read at a moment: an answer that was fresh at its entry may be too old when the signature is made. */
export const readScreenings =
  (screenings: readonly Screening[] | undefined, at: number): NonNullable<PolicyActivity['screening']> =>
  (vendor) => {
    const found = screenings?.find((item) => item.vendor === vendor);
    if (!found) return { outcome: 'missing' };
    return isFreshScreening(found.at, at) ? found : { outcome: 'stale' };
  };

/** The transfer and the vendors to ask about it again before it is signed; null where nothing has to be asked. */
export const screeningDue = (
  state: OrgState,
  activity: ActivityRecord,
  at: number,
): { readonly transfer: ScreenedTransfer; readonly asked: readonly VendorAsked[] } | null => {
  if (activity.cancels || isBeyondPolicy(state, activity.keyId)) return null;
  const wallet = find(state, 'wallet', activity.walletId ?? '');
  const transfer = outgoingTransfer(state, wallet, activity.facts);
  const asked = transfer ? vendorsAsked(state, 'Wallets:Sign', concernedWallets(state, activity), at) : [];
  return transfer && asked.length > 0 ? { transfer, asked } : null;
};

/**
 * The activity with later answers in the place of earlier ones of the same vendors. What was found stays found, and from the moment more
 * is found votes given before it count no longer. @returns null when no answer is later than what is known.
 */
export const withRenewed = (
  activity: ActivityRecord,
  renewed: readonly Screening[],
  at: number,
): ActivityRecord | null => {
  const known = activity.screening ?? [];
  const later = renewed.filter((item) => item.at > (known.find(({ vendor }) => vendor === item.vendor)?.at ?? -1));
  if (later.length === 0) return null;
  const earlierOf = (vendor: ScreeningVendor) => known.find((item) => item.vendor === vendor);
  const worse = later.some((item) => {
    const earlier = earlierOf(item.vendor);
    return earlier ? isWorse(earlier, item) : item.findings.length > 0 || item.score !== undefined;
  });
  const screening = [
    ...known.filter(({ vendor }) => !later.some((item) => item.vendor === vendor)),
    ...later.map((item) => {
      const earlier = earlierOf(item.vendor);
      return earlier ? renewScreening(earlier, item) : item;
    }),
  ];
  return { ...activity, screening, ...(worse ? { screenedWorseAt: at } : {}) };
};

/** Votes that knew of what a screening found: where one asks for approval, earlier votes were given to something else. */
export const votesAfterScreening = (
  activity: Pick<ActivityRecord, 'screenedWorseAt'>,
  head: PolicyDecision,
  decisions: readonly Decision[],
): readonly Decision[] => {
  const since = activity.screenedWorseAt;
  const asks = head.evaluations.some(
    (item) => item.triggered && item.action === 'RequestApproval' && item.compared?.what === 'screening',
  );
  return since === undefined || !asks ? decisions : decisions.filter((decision) => decision.date > since);
};

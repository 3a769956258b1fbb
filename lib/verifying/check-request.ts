import type { Quote } from '@/lib/chain/adapter';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { ACTIVITY_KIND_OF, isSpeedUp } from '@/lib/ledger/intent';
import { factsOfRequest } from '@/lib/ledger/rendering';
import type { Facts as OwnFacts } from '@/lib/policy/facts';
import type { Difference } from './difference';
import { type OwnEntry, readEntry } from './ledger-entry';
import type { ActivityDetail, Facts } from './shapes';

/** A request whose entry was read here: what to show, or what the server says otherwise. */
export type Checked<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly digest: string;
      readonly entry: OwnEntry;
      /** The entry that says what is done: its own, but of a speed-up that of the request it repeats. */
      readonly says: OwnEntry;
    }
  | { readonly ok: false; readonly differences: readonly Difference[] };

export type Compare = (what: string, own: unknown, stated: unknown) => void;

/** Collects what differs. Values are compared by their canonical form; `undefined` and `null` are alike. */
export const comparing = (): { readonly compare: Compare; readonly differences: Difference[] } => {
  const differences: Difference[] = [];
  const isNothing = (value: unknown): boolean => value === undefined || value === null;
  const text = (value: unknown): string =>
    isNothing(value) ? 'nothing' : typeof value === 'string' ? value : canonicalJson(value as Json);
  return {
    differences,
    compare: (what, own, stated) => {
      const same =
        isNothing(own) || isNothing(stated)
          ? isNothing(own) && isNothing(stated)
          : canonicalJson(own as Json) === canonicalJson(stated as Json);
      if (!same) differences.push({ what, shown: text(own), asked: text(stated) });
    },
  };
};

const contextText = (entry: OwnEntry, name: string): string | undefined => {
  const value = entry.statement.context[name];
  return typeof value === 'string' ? value : undefined;
};

/** The price in the entry: the oracle's statement, which the signers verify. */
const quoteOf = (entry: OwnEntry): Quote | null => {
  const price = entry.effects['price'] as { readonly usd?: unknown; readonly decimals?: unknown } | undefined;
  return typeof price?.usd === 'string' && typeof price.decimals === 'number'
    ? { usd: price.usd, decimals: price.decimals }
    : null;
};

/** The ended request that the entry asks for again. */
const recreatedBy = ({ operation, params }: OwnEntry): string | undefined =>
  operation.id.startsWith('x.recreate')
    ? (params['transferId'] ?? params['transactionId'] ?? params['signatureId'])
    : undefined;

/**
 * The entry that says what a request does: its own, or for a speed-up that of the request whose call it repeats. The requester signed for
 * its digest, so the server can't put another one in its place.
 */
const sayingEntry = (stated: ActivityDetail, entry: OwnEntry, compare: Compare): OwnEntry | null => {
  const isRepeating = isSpeedUp(entry.operation.id);
  const repeated = isRepeating ? contextText(entry, 'activityId') : undefined;
  // SECURITY: what repeats no other request must not name one: a later speed-up is signed over the digest of what it names.
  compare('request that is sped up', repeated, stated.repeats?.id);
  compare('request that is sped up, as listed', repeated, stated.speedsUp);
  if (!isRepeating) return entry;
  if (!stated.repeats) return null;
  compare('digest of the request that is sped up', contextText(entry, 'activityDigest'), stated.repeats.digest);
  const read = readEntry(stated.repeats);
  if (!read.ok) {
    for (const { what, shown, asked } of read.differences)
      compare(`${what} of the request that is sped up`, shown, asked);
    return null;
  }
  compare('id of the request that is sped up', read.entry.effects['activityId'], stated.repeats.id);
  return read.entry;
};

const lower = (address: string | null): string | null => address?.toLowerCase() ?? null;

const compareFacts = (compare: Compare, own: OwnFacts, stated: Facts): void => {
  compare('kind', own.kind, stated.kind);
  compare('network', own.network, stated.network);
  compare('recipient', lower(own.recipient), lower(stated.recipient));
  compare('asset', own.asset, stated.asset && { ...stated.asset });
  compare('amount', own.amount, stated.amount);
  compare('fee ceiling', own.feeCeiling, stated.feeCeiling);
  // The server may leave a price out that it could not verify; it may not show another one.
  if (stated.quote) {
    compare('price', own.quote?.usd, stated.quote.usd);
    compare('decimals', own.quote?.decimals, stated.quote.decimals);
  }
};

/**
 * Decodes a request from its ledger entry with the code the signers run, and compares it with all that the server says of it:
 * who asked, from which wallet, on which network, what moves where, and what the requester's statement holds.
 * @returns the request with the facts decoded here in place of the server's, and the recomputed digest.
 */
export const checkActivity = (
  stated: ActivityDetail,
  known: { readonly orgId: string; readonly genesis: string | null },
): Checked<ActivityDetail> => {
  const read = readEntry(stated);
  if (!read.ok) return read;
  const { entry } = read;
  const { statement, params, operation } = entry;
  const { compare, differences } = comparing();
  const kind = ACTIVITY_KIND_OF[operation.id];
  const isCancel = operation.id.startsWith('wallets.cancel');
  const network = contextText(entry, 'network') ?? 'KeyECDSA';
  compare('request', entry.effects['activityId'], stated.id);
  compare('kind of request', kind, stated.kind);
  if (stated.approvalId) compare('approval', entry.effects['approvalId'], stated.approvalId);
  compare('organisation', statement.orgId, known.orgId);
  if (known.genesis) compare('genesis', statement.genesis, known.genesis);
  compare('requester', statement.userId, stated.requester.userId);
  compare('token', statement.tokenId, stated.requester.tokenId);
  compare('wallet', params['walletId'], stated.walletId);
  compare('wallet in the statement', contextText(entry, 'walletId'), stated.walletId);
  if (!params['walletId']) compare('key', params['keyId'], stated.keyId);
  compare('request asked for again', recreatedBy(entry), stated.recreates);
  compare('network of the request', contextText(entry, 'network'), stated.network);
  const isReplacement = isCancel || isSpeedUp(operation.id);
  if (!isReplacement) compare('request body', entry.body, stated.request.requestBody);
  const saying = sayingEntry(stated, entry, compare);
  const own = saying && factsOfRequest({ ...saying, operationId: saying.operation.id }, quoteOf(saying));
  if (!own) {
    compare('decoding', 'not possible in this client', `${operation.id} on ${network}`);
    return { ok: false, differences };
  }
  compareFacts(compare, own, stated.facts);
  const told = 'metadata' in stated.request ? stated.request.metadata.asset.decimals : undefined;
  if (own.asset?.kind === 'Erc20' && told !== undefined) compare('decimals of the token', own.quote?.decimals, told);
  if (!isCancel) compare('fee ceiling in the statement', contextText(entry, 'feeCeiling'), own.feeCeiling);
  if (differences.length > 0) return { ok: false, differences };
  const quote = stated.facts.quote;
  return { ok: true, value: { ...stated, facts: { ...own, quote } }, digest: entry.digest, entry, says: saying };
};

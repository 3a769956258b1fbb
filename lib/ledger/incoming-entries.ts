import { type Outcome, refused } from '@/lib/domain/refusal';
import { plainAddress, type ScreenedTransfer } from '@/lib/evidence/screening';
import type { Facts } from '@/lib/policy/facts';
import { notFound } from './checks';
import type { Decided } from './decision';
import { isBeyondPolicy } from './delegation';
import { done, malformed, type NodeEntryInput } from './node-entry';
import { decideByPolicy } from './policies';
import type { IncomingRecord, WalletRecord } from './records';
import { readScreenings, screeningsOf, type VendorAsked, vendorsAsked } from './screening';
import { all, find, type OrgState, put } from './state';

/** A transfer that a chain shows into one of our wallets, as an entry names it. */
export type IncomingTransfer = Pick<
  IncomingRecord,
  'walletId' | 'network' | 'txHash' | 'place' | 'from' | 'amount' | 'blockNumber'
> & { readonly contract?: string };

const HASH = /^0x[0-9a-f]{64}$/;
const EVM_ADDRESS = /^0x[0-9a-f]{40}$/;
const AMOUNT = /^[1-9]\d{0,77}$/;

const readIncoming = (body: { readonly [key: string]: unknown }): IncomingTransfer | null => {
  const { walletId, network, txHash, place, contract, from, amount, blockNumber } = body;
  if (typeof walletId !== 'string' || typeof network !== 'string') return null;
  if (typeof txHash !== 'string' || !HASH.test(txHash) || typeof from !== 'string' || !EVM_ADDRESS.test(from))
    return null;
  if (typeof amount !== 'string' || !AMOUNT.test(amount)) return null;
  if (typeof place !== 'number' || !Number.isSafeInteger(place) || place < -1) return null;
  if (typeof blockNumber !== 'number' || !Number.isSafeInteger(blockNumber) || blockNumber < 0) return null;
  if (place === -1)
    return contract === undefined ? { walletId, network, txHash, place, from, amount, blockNumber } : null;
  if (typeof contract !== 'string' || !EVM_ADDRESS.test(contract)) return null;
  return { walletId, network, txHash, place, contract, from, amount, blockNumber };
};

/** One movement of one transaction into one wallet: entered once. */
export const incomingId = ({
  walletId,
  txHash,
  place,
}: Pick<IncomingTransfer, 'walletId' | 'txHash' | 'place'>): string => `${walletId}:${txHash}:${place}`;

/** The incoming transfer as a vendor is asked about it; null for a wallet without an address. */
export const screenedIncoming = (
  state: OrgState,
  wallet: Pick<WalletRecord, 'address'>,
  transfer: IncomingTransfer,
): ScreenedTransfer | null => {
  const org = all(state, 'org')[0];
  if (!org || !wallet.address) return null;
  const { network, contract, from, amount, txHash, place } = transfer;
  return {
    orgId: org.id,
    direction: 'incoming',
    network,
    asset: contract ?? 'native',
    from,
    to: plainAddress(wallet.address),
    amount,
    reference: `${txHash}#${place}`,
  };
};

/** The vendors that policies on incoming transfers of the wallet would read. */
export const askedOfIncoming = (state: OrgState, wallet: WalletRecord, at: number): readonly VendorAsked[] =>
  isBeyondPolicy(state, wallet.keyId) ? [] : vendorsAsked(state, 'Wallets:IncomingTransaction', [wallet], at);

/**
 * Judges what came in by the policies on incoming transfers, and keeps what they say. The server states what a chain shows: the entry
 * informs, it moves nothing and frees nothing.
 */
export const decideIncoming = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, leaf } = input;
  const transfer = readIncoming(input.body);
  if (!transfer) return malformed('incoming');
  const wallet = find(state, 'wallet', transfer.walletId);
  if (!wallet?.address || wallet.network !== transfer.network) return notFound('wallet', 'walletId', transfer.walletId);
  const id = incomingId(transfer);
  if (find(state, 'incoming', id)) return refused(409, 'incoming.known', 'This transfer is in the ledger already.');
  if (askedOfIncoming(state, wallet, input.at).length === 0)
    return refused(409, 'incoming.no_policy', 'No policy looks at what comes into this wallet.');
  const screening = screeningsOf(leaf.effects.screening, {
    state,
    transfer: screenedIncoming(state, wallet, transfer),
    at: leaf.at,
    verify: input.ports.verifyEd25519,
  });
  const facts: Facts = {
    kind: 'transfer',
    network: transfer.network,
    recipient: wallet.address,
    asset: transfer.contract === undefined ? { kind: 'Native' } : { kind: 'Erc20', contract: transfer.contract },
    amount: transfer.amount,
    quote: null,
    feeCeiling: null,
  };
  const { evaluations } = decideByPolicy(
    state,
    {
      kind: 'Wallets:IncomingTransaction',
      subject: { wallets: [{ id: wallet.id, tags: wallet.tags }] },
      facts,
      screening: readScreenings(screening, leaf.at),
    },
    input.at,
  );
  const record: IncomingRecord = {
    id,
    ...transfer,
    to: wallet.address,
    ...(screening.length > 0 ? { screening } : {}),
    evaluations,
    at: leaf.at,
  };
  return done([put('incoming', record)], 'incoming', id);
};

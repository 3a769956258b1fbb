import { toTimestamp } from '@/lib/contract/fields';
import { findNetwork } from '@/lib/contract/networks';
import type { HistoryFilter, WalletTransferRow } from '@/lib/db/wallet-transfers';
import { incomingId } from '@/lib/ledger/incoming-entries';
import type { IncomingRecord } from '@/lib/ledger/records';
import { callerOf, type Handler, type Handlers } from '../handler';
import { pageTokens } from '../pagination';
import { activeWallet } from './wallets';

const DEFAULT_PAGE = 50;
const KINDS = ['NativeTransfer', 'Erc20Transfer'] as const;

const itemOf = (row: WalletTransferRow, judged: IncomingRecord | undefined) => {
  const { walletId, direction, network, blockNumber, txHash, from, to, symbol, decimals, contract } = row;
  const common = {
    walletId,
    direction,
    network,
    blockNumber,
    txHash,
    timestamp: toTimestamp(row.blockTime.getTime()),
    from,
    to,
    value: row.amount,
    ...(row.fee === null ? {} : { fee: row.fee }),
    metadata: {
      asset: { ...(symbol === null ? {} : { symbol }), ...(decimals === null ? {} : { decimals }) },
    },
    ...(judged
      ? {
          policyEvaluations: judged.evaluations.map(({ policyId, triggered, reason }) => ({
            policyId,
            triggered,
            reason,
          })),
        }
      : {}),
  };
  return contract === null
    ? { kind: 'NativeTransfer', ...common, symbol: symbol ?? '', decimals: decimals ?? 18 }
    : {
        kind: 'Erc20Transfer',
        ...common,
        index: String(row.place),
        contract,
        ...(decimals === null ? {} : { decimals }),
      };
};

/** The token of the page after, where more rows were found than a page holds. */
const nextPage = (rows: readonly WalletTransferRow[], size: number, tokens: ReturnType<typeof pageTokens>) => {
  const last = rows.length > size ? rows[size - 1] : undefined;
  return last ? { nextPageToken: tokens.encode({ date: last.blockTime.getTime(), id: last.id }) } : {};
};

const getHistory: Handler = async (request, services) => {
  const wallet = await activeWallet(request, services);
  const { org } = callerOf(request);
  const { direction, kind, contract, limit } = request.query as HistoryFilter & { kind?: string; limit?: number };
  const tokens = pageTokens(request, services);
  const before = tokens.position()?.id;
  const size = Number(limit ?? DEFAULT_PAGE);
  const known = KINDS.find((one) => one === kind);
  const filter: HistoryFilter = {
    ...(direction ? { direction } : {}),
    ...(known ? { kind: known } : {}),
    ...(contract ? { contract } : {}),
  };
  // Of other kinds there are none.
  const rows =
    kind !== undefined && !known
      ? []
      : await services.reads.walletHistory(org.id, wallet.id, filter, {
          limit: size + 1,
          ...(before === undefined ? {} : { before }),
        });
  const shown = rows.slice(0, size);
  const incoming = shown.filter((row) => row.direction === 'In').map((row) => incomingId(row));
  const judged = new Map((await services.reads.records(org.id, 'incoming', incoming)).map((item) => [item.id, item]));
  return {
    body: {
      walletId: wallet.id,
      network: wallet.network,
      items: shown.map((row) => itemOf(row, row.direction === 'In' ? judged.get(incomingId(row)) : undefined)),
      ...nextPage(rows, size, tokens),
    },
  };
};

const flatItemOf = (row: WalletTransferRow) => {
  const { walletId, network, direction, from, to, amount, contract, symbol, decimals, fee, txHash } = row;
  const coin = findNetwork(network)?.native;
  return {
    timestamp: toTimestamp(row.blockTime.getTime()),
    walletId,
    network,
    direction,
    from,
    to,
    amount,
    asset: contract ?? 'Native',
    ...(symbol === null ? {} : { symbol }),
    ...(decimals === null ? {} : { decimals: String(decimals) }),
    ...(fee === null ? {} : { fee, ...(coin ? { feeSymbol: coin.symbol, feeDecimals: String(coin.decimals) } : {}) }),
    txHash,
  };
};

/** What moved in all wallets the caller may see: an end user has theirs alone. */
const getOrgHistory: Handler = async (request, services) => {
  const { org, user } = callerOf(request);
  const { startTime, endTime, limit } = request.query;
  const tokens = pageTokens(request, services);
  const position = tokens.position();
  const size = Number(limit ?? DEFAULT_PAGE);
  const rows = await services.reads.orgHistory(
    org.id,
    {
      from: new Date(String(startTime)),
      to: new Date(String(endTime)),
      ...(user.kind === 'EndUser' ? { delegatedTo: user.id } : {}),
    },
    { limit: size + 1, ...(position ? { before: { time: new Date(position.date), id: position.id } } : {}) },
  );
  const shown = rows.slice(0, size);
  return {
    body: {
      orgId: org.id,
      items: shown.map(flatItemOf),
      ...nextPage(rows, size, tokens),
    },
  };
};

export const WALLET_HISTORY_HANDLERS: Handlers = {
  'wallets.getWalletHistory': getHistory,
  'wallets.listOrgWalletHistory': getOrgHistory,
};

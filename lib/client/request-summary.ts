import type { ActivitySummary, Facts, SignatureRequest, Transaction, Transfer } from './shapes';

const decimalOf = (value: string | undefined): string => (value ? BigInt(value).toString() : '0');

const factsOf = (request: Transfer | Transaction | SignatureRequest): Facts => {
  const body = request.requestBody;
  const network = request.network ?? '';
  const told = 'metadata' in request ? request.metadata.asset : {};
  const usd = told.quotes?.['USD'];
  const quote =
    usd === undefined
      ? null
      : { usd: String(usd), decimals: told.decimals ?? 0, ...(told.symbol && { symbol: told.symbol }) };
  const unknown = { network, asset: null, amount: null, recipient: null, quote: null, feeCeiling: null };
  if ('metadata' in request) {
    if (body.kind === 'Native')
      return {
        ...unknown,
        kind: 'transfer',
        asset: { kind: 'Native' },
        amount: body.amount,
        recipient: body.to,
        quote,
      };
    if (body.kind === 'Erc20')
      return {
        ...unknown,
        kind: 'transfer',
        asset: { kind: 'Erc20', contract: body.contract },
        amount: body.amount,
        recipient: body.to,
        quote,
      };
    return { ...unknown, kind: 'transfer' };
  }
  if (body.kind === 'Evm' || body.kind === 'Eip1559') {
    const isTransfer = !body.data || body.data === '0x';
    return {
      ...unknown,
      kind: isTransfer ? 'transfer' : 'contractCall',
      asset: isTransfer ? { kind: 'Native' } : null,
      amount: isTransfer ? decimalOf(body.value) : null,
      recipient: body.to ?? null,
    };
  }
  return { ...unknown, kind: request.id.startsWith('sig-') ? 'signature' : 'contractCall' };
};

/** A request of a list as the console's summary: facts read from its body, whatever the body does not say is unknown. */
export const summaryOf = (request: Transfer | Transaction | SignatureRequest): ActivitySummary => ({
  id: request.id,
  kind: 'metadata' in request ? 'Transfer' : request.id.startsWith('sig-') ? 'Signature' : 'Transaction',
  keyId: 'keyId' in request ? request.keyId : '',
  ...(request.network && { network: request.network }),
  ...('walletId' in request && typeof request.walletId === 'string' && { walletId: request.walletId }),
  requester: request.requester,
  status: request.status,
  dateRequested: request.dateRequested,
  facts: factsOf(request),
});

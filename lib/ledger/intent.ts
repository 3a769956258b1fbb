import type { ChainRules, ChainRulesFor, Intent } from '@/lib/chain/adapter';
import type { ActivityRecord, WalletRecord } from './records';

/** Operations that ask for a signature, and what kind of activity each makes. */
export const ACTIVITY_KIND_OF: { readonly [operationId: string]: ActivityRecord['kind'] } = {
  'wallets.transferAsset': 'Transfer',
  'wallets.broadcastTransaction': 'Transaction',
  'wallets.generateSignature': 'Signature',
  'keys.generateSignature': 'Signature',
  'x.recreateTransfer': 'Transfer',
  'x.recreateTransaction': 'Transaction',
  'x.recreateSignature': 'Signature',
  'wallets.cancelTransfer': 'Transaction',
  'wallets.cancelTransaction': 'Transaction',
  'wallets.speedUpTransfer': 'Transaction',
  'wallets.speedUpTransaction': 'Transaction',
};

type Body = Intent['requestBody'];

export const intentOf = (
  kind: ActivityRecord['kind'],
  wallet: Pick<WalletRecord, 'network' | 'address'>,
  requestBody: unknown,
): Intent => ({
  activityKind: kind,
  network: wallet.network,
  ...(wallet.address ? { address: wallet.address } : {}),
  requestBody: requestBody as Body,
});

/** The asset in which the network takes its fee, as prices name it. */
export const nativeOf = ({
  network,
}: Pick<Intent, 'network'>): { readonly network: string; readonly asset: string } => ({
  network,
  asset: 'native',
});

/** The intent of a recorded activity; a speed-up has that of the request whose call it repeats. */
export const intentOfActivity = (
  { kind, requestBody, speedsUp }: Pick<ActivityRecord, 'kind' | 'requestBody' | 'speedsUp'>,
  wallet: Pick<WalletRecord, 'network' | 'address'>,
): Intent => intentOf(speedsUp?.kind ?? kind, wallet, speedsUp ? speedsUp.requestBody : requestBody);

/** Whether an operation asks for a transaction once more at a higher fee. */
export const isSpeedUp = (operationId: string): boolean => operationId.startsWith('wallets.speedUp');

/** Fee ceiling of a request on a wallet, base units, or null where nothing is sent or the body can't be read. */
export const feeCeilingOf = (
  operationId: string,
  wallet: Pick<WalletRecord, 'network' | 'address'>,
  body: unknown,
  rules: ChainRulesFor,
): string | null => {
  const kind = ACTIVITY_KIND_OF[operationId];
  const chain: ChainRules | null = rules(wallet.network);
  if (!kind || !chain) return null;
  const cancel = operationId.startsWith('wallets.cancel');
  return chain.feeCeiling(intentOf(kind, wallet, cancel ? { kind: 'CancelTransaction' } : body));
};

import { BUILT_SIGNATURE_KINDS } from './signatures';
import { BUILT_TRANSACTION_KINDS } from './transactions';
import { BUILT_TRANSFER_KINDS } from './transfers';

const BUILT: Readonly<Record<'transfer' | 'transaction' | 'signature', readonly string[]>> = {
  transfer: BUILT_TRANSFER_KINDS,
  transaction: BUILT_TRANSACTION_KINDS,
  signature: BUILT_SIGNATURE_KINDS,
};

/** Whether this version carries out that kind; for the others of the dialect the handler answers 501. */
export const isBuiltKind = (request: 'transfer' | 'transaction' | 'signature', kind: string): boolean =>
  BUILT[request].includes(kind);

import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { sha256Hex, utf8ToBytes } from '@/lib/domain/hash';

/** Scope of an `externalId`: organisation and endpoint kind (contract §1.9). Null when the request names none. */
export const externalIdOf = (operationId: string, body: unknown): string | null => {
  const externalId = (body as { externalId?: unknown }).externalId;
  return typeof externalId === 'string' ? `${ASKED_AGAIN[operationId] ?? operationId}:${externalId}` : null;
};

/** Asking again for what was rejected makes a request of the same kind. */
const ASKED_AGAIN: { readonly [operationId: string]: string } = {
  'x.recreateTransfer': 'wallets.transferAsset',
  'x.recreateTransaction': 'wallets.broadcastTransaction',
  'x.recreateSignature': 'wallets.generateSignature',
};

/** What makes two requests with one `externalId` the same: target and canonical body. */
export const requestHash = (params: { readonly [name: string]: string }, body: unknown): string =>
  sha256Hex(utf8ToBytes(canonicalJson({ params, body: body as Json } as unknown as Json)));

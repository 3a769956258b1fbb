import { z } from 'zod';
import { requester } from './change-requests';
import { timestamp } from './fields';
import { networkName } from './network-name';

/** Status of a transfer or transaction; it never goes back (design §6). */
export const chainStatus = z.enum(['Pending', 'Executing', 'Broadcasted', 'Confirmed', 'Failed', 'Rejected']);

/** Status of a signature request. */
export const signatureStatus = z.enum(['Pending', 'Executing', 'Signed', 'Confirmed', 'Failed', 'Rejected']);

/** Members that transfers and transactions share (contract §5.4). `fee` is in base units. */
export const onChainRequest = {
  id: z.string(),
  walletId: z.string(),
  network: networkName,
  requester,
  status: chainStatus,
  /** Ours: `Finalized` or `Reorged` behind a status that stays `Confirmed`. */
  subStatus: z.string().optional(),
  reason: z.string().optional(),
  txHash: z.string().optional(),
  fee: z.string().optional(),
  dateRequested: timestamp,
  datePolicyResolved: timestamp.optional(),
  dateBroadcasted: timestamp.optional(),
  dateConfirmed: timestamp.optional(),
  approvalId: z.string().optional(),
  externalId: z.string().optional(),
  replacementId: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
};

/** `r`, `s`: 0x and 64 hex digits; `recid` a number; `encoded` r‖s‖v on EVM, DER on Bitcoin (contract §5.2). */
export const signatureValue = z.object({
  r: z.string(),
  s: z.string(),
  recid: z.number().int().min(0).max(3).optional(),
  encoded: z.string().optional(),
});

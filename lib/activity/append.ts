import { hashBody } from '@/lib/authentication/statement';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Pin } from '@/lib/domain/signing';
import { decideEntry } from '@/lib/ledger/decide';
import type { Leaf } from '@/lib/ledger/entry';
import { type IncomingTransfer, incomingId } from '@/lib/ledger/incoming-entries';
import { heldPinId } from '@/lib/ledger/pins';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { jobsOf } from './jobs-of';
import type { LedgerService } from './ports';
import type { LedgerStore } from './store';
import { laneOfEntry, subjectOfEntry } from './subject';

export type AppendDeps = { readonly store: LedgerStore; readonly ports: LedgerPorts; readonly now: () => number };

/** Appends an entry that no user signed, when the rules accept it; a refused one leaves no trace. */
export const append = async (
  input: Parameters<LedgerService['append']>[0],
  deps: AppendDeps,
): Promise<Outcome<{ leafId: string }>> => {
  const bytes = input.body instanceof Uint8Array ? input.body : canonicalBytes(input.body);
  const parsed = (input.body instanceof Uint8Array ? {} : input.body) as { readonly [key: string]: Json | undefined };
  const subject = subjectOfEntry(input.kind, parsed);
  const codeId = input.effects?.codeId;
  const pin = parsed.pin as unknown as Pin | undefined;
  const probes = [
    ...(pin ? [{ kind: 'pin' as const, id: heldPinId(String(parsed.activityId), pin) }] : []),
    ...(typeof codeId === 'string' ? [{ kind: 'credentialCode' as const, id: codeId }] : []),
    ...(input.kind === 'incoming'
      ? [{ kind: 'incoming' as const, id: incomingId(parsed as unknown as IncomingTransfer) }]
      : []),
  ];
  if (input.kind === 'genesis' && parsed.orgId !== input.orgId)
    return refused(400, 'genesis.malformed', 'The genesis is that of another organisation.');
  const lane = await laneOfEntry(deps.store, input.orgId, input.kind, parsed);
  const checkpointSeq = input.kind === 'checkpoint' ? (parsed.seq as number) : undefined;
  return deps.store.locked(
    { orgId: input.orgId, lane, now: deps.now, subject: { ...subject, probes }, checkpointSeq },
    (ledger): Outcome<{ leafId: string }> => {
      const leaf: Leaf = {
        v: 1,
        at: input.kind === 'checkpoint' ? Number(parsed.at) : ledger.at,
        kind: input.kind,
        bodyHash: hashBody(bytes),
        effects: input.effects ?? {},
        ...(input.nodeSignatures ? { nodeSignatures: input.nodeSignatures } : {}),
      };
      const decided = decideEntry(ledger.state, leaf, bytes, deps.ports, ledger.rootAt, ledger.placeOf);
      if (!decided.ok) return decided;
      const { changes } = decided.value;
      return accepted({
        leafId: ledger.write({
          leaf,
          body: bytes,
          changes,
          jobs: jobsOf({ orgId: input.orgId, before: ledger.state, changes }),
        }),
      });
    },
  );
};

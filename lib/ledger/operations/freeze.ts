import { accepted } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId } from '../decision';
import { decideGoverned } from '../governed';
import { all, find, put } from '../state';

export const freeze: LedgerOperation = {
  operationId: 'x.freeze',
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, body }) => {
    if (body.walletId) {
      const wallet = find(state, 'wallet', body.walletId);
      if (!wallet) return notFound('wallet', 'walletId', body.walletId);
      return accepted({
        changes: [put('wallet', { ...wallet, frozen: true })],
        result: { kind: 'wallet', id: wallet.id },
        status: 200,
      });
    }
    const org = all(state, 'org')[0];
    if (!org) return notFound('organisation', 'orgId', '');
    return accepted({
      changes: [put('org', { ...org, frozen: true })],
      result: { kind: 'org', id: org.id },
      status: 200,
    });
  },
};

export const unfreeze: LedgerOperation = {
  operationId: 'x.unfreeze',
  lane: governanceLane,
  effects: (input) => ({ changeRequestId: makeId('changeRequest', input), approvalId: makeId('approval', input) }),
  decide: (input) => {
    const wallet = input.body.walletId ? find(input.state, 'wallet', input.body.walletId) : undefined;
    if (input.body.walletId && !wallet) return notFound('wallet', 'walletId', input.body.walletId);
    const org = all(input.state, 'org')[0];
    const entityId = wallet?.id ?? org?.id ?? '';
    return decideGoverned(input, {
      activity: { kind: 'Policies:Modify', subject: {} },
      kind: 'Freeze',
      operationKind: 'Delete',
      entityId,
      body: wallet ? { walletId: wallet.id } : { orgId: entityId },
      result: wallet ? { kind: 'wallet', id: wallet.id } : { kind: 'org', id: entityId },
    });
  },
};

import { refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { asJson, governanceLane, type LedgerOperation, makeId, type OperationInput } from '../decision';
import { decideGoverned } from '../governed';
import { openingTime } from '../opening-time';
import { isCooling } from '../org-settings';
import { policiesByTags } from '../policies';
import { all, find } from '../state';
import { changeWallet } from './wallets';

export const tagWallet = changeWallet('wallets.tagWallet', (wallet, body) => ({
  ...wallet,
  tags: [...new Set([...wallet.tags, ...(body.tags as string[])])],
}));

const untag = changeWallet('wallets.untagWallet', (wallet, body) => ({
  ...wallet,
  tags: wallet.tags.filter((tag) => !(body.tags as string[]).includes(tag)),
}));

/** In a `strict` organisation, and for a day after, a tag that a policy goes by is taken away as a governed change alone (design §6): without it the policy is silent. */
export const untagWallet: LedgerOperation = {
  ...untag,
  decide: (input: OperationInput<{ readonly tags: readonly string[] }>) => {
    const { state, params, body, at } = input;
    const wallet = find(state, 'wallet', params.walletId ?? '');
    const taken = body.tags.filter((tag) => wallet?.tags.includes(tag));
    const opens = openingTime(state, at);
    const silenced = isCooling(all(state, 'org')[0], opens) ? policiesByTags(state, taken, opens) : [];
    return silenced.length === 0
      ? untag.decide(input)
      : refused(
          409,
          'wallet.tag_in_policy',
          `Policies go by these tags (${[...new Set(silenced.map(({ definition }) => definition.name))].join(', ')}). Take them away by POST /x/tag-changes, which asks those who approve changes of policies.`,
          { policyIds: [...new Set(silenced.map(({ id }) => id))] },
        );
  },
};

/** Takes tags from a wallet, governed like a change of a policy. */
export const createTagChange: LedgerOperation = {
  operationId: 'x.createTagChange',
  lane: governanceLane,
  effects: (input) => ({ changeRequestId: makeId('changeRequest', input), approvalId: makeId('approval', input) }),
  decide: (input: OperationInput<{ readonly walletId: string; readonly remove: readonly string[] }>) => {
    const { walletId, remove } = input.body;
    const wallet = find(input.state, 'wallet', walletId);
    if (wallet?.status !== 'Active') return notFound('wallet', 'walletId', walletId);
    const absent = remove.find((tag) => !wallet.tags.includes(tag));
    if (absent !== undefined)
      return refused(409, 'wallet.no_such_tag', `The wallet has no tag ${absent}.`, { walletId });
    return decideGoverned(input, {
      activity: { kind: 'Policies:Modify', subject: {} },
      kind: 'WalletTags',
      operationKind: 'Delete',
      entityId: walletId,
      body: asJson({ walletId, remove }),
      result: { kind: 'wallet', id: walletId },
    });
  },
};

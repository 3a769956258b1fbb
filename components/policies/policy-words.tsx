'use client';

import type { ReactNode } from 'react';
import { useNameOf } from '@/components/approvals/use-names-of';
import { FactsList, fact } from '@/components/ui/facts-list';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { EVALUATED_RULES } from '@/lib/contract/policy-rules';
import { activityWords, groupWords, minutesWords, ruleWords } from './words';

const List = ({ items }: { items: readonly ReactNode[] }) => (
  <ul className="space-y-0.5">
    {items.map((item, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a definition's order is its identity
      <li key={at} className="break-words">
        {item}
      </li>
    ))}
  </ul>
);

/** A policy in words: when it looks, when it triggers, what it then does. */
export const PolicyWords = ({ definition }: { definition: PolicyDefinition }) => {
  const nameOf = useNameOf();
  const { action, filters } = definition;
  const only = [
    filters?.walletId && `wallets ${filters.walletId.in.map(nameOf).join(', ')}`,
    filters?.walletTags?.hasAny && `wallets tagged any of ${filters.walletTags.hasAny.join(', ')}`,
    filters?.walletTags?.hasAll && `wallets tagged all of ${filters.walletTags.hasAll.join(', ')}`,
    filters?.permissionId && `roles ${filters.permissionId.in.map(nameOf).join(', ')}`,
    filters?.policyId && `policies ${filters.policyId.in.map(nameOf).join(', ')}`,
  ].filter((part) => typeof part === 'string');
  const isEvaluated = EVALUATED_RULES.includes(definition.rule.kind);
  return (
    <FactsList
      rows={[
        fact('Looks at', activityWords(definition.activityKind)),
        fact('Only for', only.length ? <List items={only} /> : 'the whole organisation'),
        fact(
          'Triggers',
          <span className="break-words">
            {ruleWords(definition.rule)}
            {!isEvaluated && (
              <span className="block text-pending">This version can’t evaluate the rule, so it always triggers.</span>
            )}
          </span>,
        ),
        fact(
          'Then',
          action.kind === 'Block'
            ? 'blocks the request; nobody can approve it'
            : action.kind === 'NoAction'
              ? 'only notes it'
              : 'asks for approval',
        ),
        fact(
          'Approval by',
          action.kind === 'RequestApproval' ? (
            <List items={action.approvalGroups.map((group) => groupWords(group, nameOf))} />
          ) : null,
        ),
        fact(
          'Deadline',
          action.kind === 'RequestApproval'
            ? action.autoRejectTimeout
              ? `rejected after ${minutesWords(action.autoRejectTimeout)} without a decision`
              : 'none'
            : null,
        ),
        fact(
          'Waits',
          action.kind === 'RequestApproval' && action.minimumDelay
            ? `${minutesWords(action.minimumDelay)} from the request to its signature at least, however fast it is approved`
            : null,
        ),
      ]}
    />
  );
};

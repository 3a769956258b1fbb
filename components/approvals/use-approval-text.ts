'use client';

import { useCallback } from 'react';
import { summaryOf } from '@/lib/client/request-summary';
import type { Approval } from '@/lib/client/shapes';
import { subjectOf } from '@/lib/verifying/approval-subject';
import { changeWords } from './change-words';
import { useNameOf } from './use-names-of';

/** What filter, order and CSV see of an approval. */
export const useApprovalText = (): ((approval: Approval) => string) => {
  const nameOf = useNameOf();
  return useCallback(
    (approval) => {
      const subject = subjectOf(approval);
      if (!subject) return approval.id;
      if (subject.kind === 'change') return changeWords(subject.change, nameOf);
      const { facts } = summaryOf(subject.request);
      return [
        subject.request.id,
        facts.kind,
        facts.amount ?? 'unknown',
        facts.recipient ?? 'unknown',
        facts.network,
      ].join(' ');
    },
    [nameOf],
  );
};

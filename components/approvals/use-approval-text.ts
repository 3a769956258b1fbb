'use client';

import { useCallback } from 'react';
import { useSentenceText } from '@/components/activities/sentence-text';
import { summaryOf } from '@/lib/client/request-summary';
import type { Approval, QueueItem } from '@/lib/client/shapes';
import { subjectOf } from '@/lib/verifying/approval-subject';
import { changeWords } from './change-words';
import { useNameOf } from './use-names-of';

/** What is asked, as plain text. */
export const useApprovalText = (): ((approval: Approval) => string) => {
  const nameOf = useNameOf();
  const sentenceOf = useSentenceText();
  return useCallback(
    (approval) => {
      const subject = subjectOf(approval);
      if (!subject) return approval.id;
      if (subject.kind === 'change') return changeWords(subject.change, nameOf);
      return sentenceOf(summaryOf(subject.request), subject.request);
    },
    [nameOf, sentenceOf],
  );
};

/** The same of a line of the queue. */
export const useQueueText = (): ((item: QueueItem) => string) => {
  const nameOf = useNameOf();
  const sentenceOf = useSentenceText();
  return useCallback(
    (item) => (item.activity ? sentenceOf(item.activity) : item.change ? changeWords(item.change, nameOf) : item.id),
    [nameOf, sentenceOf],
  );
};

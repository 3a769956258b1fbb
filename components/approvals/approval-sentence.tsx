'use client';

import { Sentence, SentenceOf } from '@/components/activities/sentence';
import type { useKnownAddresses } from '@/components/activities/use-known-addresses';
import { summaryOf } from '@/lib/client/request-summary';
import type { Approval, ChangeRequest, QueueItem } from '@/lib/client/shapes';
import { subjectOf } from '@/lib/verifying/approval-subject';
import { changeWords } from './change-words';
import { useNameOf } from './use-names-of';

/** A change of governance in one sentence, with the names this reader may see. */
export const ChangeSentence = ({ change }: { change: ChangeRequest }) => <>{changeWords(change, useNameOf())}</>;

/** What is asked, in one sentence. */
export const ApprovalSentence = ({ approval }: { approval: Approval }) => {
  const nameOf = useNameOf();
  const subject = subjectOf(approval);
  if (!subject) return <>A request this console does not know.</>;
  if (subject.kind === 'change') return <>{changeWords(subject.change, nameOf)}</>;
  return <Sentence activity={summaryOf(subject.request)} request={subject.request} />;
};

/** The sentence of a line of the queue. */
export const QueueSentence = ({ item, known }: { item: QueueItem; known: ReturnType<typeof useKnownAddresses> }) =>
  item.activity ? (
    <SentenceOf activity={item.activity} known={known} />
  ) : item.change ? (
    <ChangeSentence change={item.change} />
  ) : (
    <>A request this console does not know.</>
  );

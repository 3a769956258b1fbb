import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ApprovalList } from '@/components/approvals/approval-list';
import { ListDetail } from '@/components/frame/list-detail';
import { askedByQueue } from '@/lib/client/first-asked';
import { FirstAnswers } from '../first-answers';

export const metadata: Metadata = { title: 'Approvals' };

const ApprovalsLayout = ({ children }: { children: ReactNode }) => (
  <FirstAnswers asked={askedByQueue}>
    <ListDetail list={<ApprovalList />}>{children}</ListDetail>
  </FirstAnswers>
);

export default ApprovalsLayout;

import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ApprovalList } from '@/components/approvals/approval-list';
import { ListDetail } from '@/components/frame/list-detail';
import { askedByQueue } from '@/lib/client/first-asked';
import { AskEarly } from '../ask-early';

export const metadata: Metadata = { title: 'Approvals' };

const ApprovalsLayout = ({ children }: { children: ReactNode }) => (
  <>
    <AskEarly urlsFor={askedByQueue} />
    <ListDetail list={<ApprovalList />}>{children}</ListDetail>
  </>
);

export default ApprovalsLayout;

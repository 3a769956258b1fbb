import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ApprovalList } from '@/components/approvals/approval-list';
import { ListDetail } from '@/components/frame/list-detail';

export const metadata: Metadata = { title: 'Approvals' };

const ApprovalsLayout = ({ children }: { children: ReactNode }) => (
  <ListDetail list={<ApprovalList />}>{children}</ListDetail>
);

export default ApprovalsLayout;

import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListDetail } from '@/components/frame/list-detail';
import { PolicyList } from '@/components/policies/policy-list';

export const metadata: Metadata = { title: 'Policies' };

const PoliciesLayout = ({ children }: { children: ReactNode }) => (
  <ListDetail list={<PolicyList />}>{children}</ListDetail>
);

export default PoliciesLayout;

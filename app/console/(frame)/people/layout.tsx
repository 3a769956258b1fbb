import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListDetail } from '@/components/frame/list-detail';
import { PeopleList } from '@/components/people/people-list';

export const metadata: Metadata = { title: 'People' };

const PeopleLayout = ({ children }: { children: ReactNode }) => (
  <ListDetail list={<PeopleList />}>{children}</ListDetail>
);

export default PeopleLayout;

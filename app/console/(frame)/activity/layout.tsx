import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ActivityList } from '@/components/activities/activity-list';
import { ListDetail } from '@/components/frame/list-detail';

export const metadata: Metadata = { title: 'Activity' };

const ActivityLayout = ({ children }: { children: ReactNode }) => (
  <ListDetail list={<ActivityList />}>{children}</ListDetail>
);

export default ActivityLayout;

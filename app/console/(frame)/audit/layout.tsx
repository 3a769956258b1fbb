import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AuditList } from '@/components/audit/audit-list';
import { ListDetail } from '@/components/frame/list-detail';

export const metadata: Metadata = { title: 'Audit' };

const AuditLayout = ({ children }: { children: ReactNode }) => <ListDetail list={<AuditList />}>{children}</ListDetail>;

export default AuditLayout;

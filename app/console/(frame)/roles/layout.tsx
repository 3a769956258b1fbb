import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListDetail } from '@/components/frame/list-detail';
import { RoleList } from '@/components/roles/role-list';

export const metadata: Metadata = { title: 'Roles' };

const RolesLayout = ({ children }: { children: ReactNode }) => <ListDetail list={<RoleList />}>{children}</ListDetail>;

export default RolesLayout;

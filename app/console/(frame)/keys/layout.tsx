import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListDetail } from '@/components/frame/list-detail';
import { KeyList } from '@/components/keys/key-list';

export const metadata: Metadata = { title: 'Keys' };

const KeysLayout = ({ children }: { children: ReactNode }) => <ListDetail list={<KeyList />}>{children}</ListDetail>;

export default KeysLayout;

import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListDetail } from '@/components/frame/list-detail';
import { WalletList } from '@/components/wallets/wallet-list';

export const metadata: Metadata = { title: 'Wallets' };

const WalletsLayout = ({ children }: { children: ReactNode }) => (
  <ListDetail list={<WalletList />}>{children}</ListDetail>
);

export default WalletsLayout;

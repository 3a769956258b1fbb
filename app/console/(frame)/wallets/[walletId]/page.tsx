import { WalletDetail } from '@/components/wallets/wallet-detail';

const DetailPage = async ({ params }: { params: Promise<{ walletId: string }> }) => {
  const { walletId } = await params;
  return <WalletDetail key={walletId} walletId={walletId} />;
};

export default DetailPage;

import type { Metadata } from 'next';
import { SignersPage } from '@/components/signers/signers-page';

export const metadata: Metadata = { title: 'Signers' };

const Signers = () => <SignersPage />;

export default Signers;

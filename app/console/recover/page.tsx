import type { Metadata } from 'next';
import { Suspense } from 'react';
import { RecoverForm } from '@/components/entry/recover-form';

export const metadata: Metadata = { title: 'Recover' };

const RecoverPage = () => (
  <Suspense fallback={null}>
    <RecoverForm />
  </Suspense>
);

export default RecoverPage;

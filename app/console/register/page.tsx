import type { Metadata } from 'next';
import { Suspense } from 'react';
import { RegisterForm } from '@/components/entry/register-form';

export const metadata: Metadata = { title: 'Register' };

const RegisterPage = () => (
  <Suspense fallback={null}>
    <RegisterForm />
  </Suspense>
);

export default RegisterPage;

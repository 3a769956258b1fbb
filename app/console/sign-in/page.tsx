import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SignInForm } from '@/components/entry/sign-in-form';

export const metadata: Metadata = { title: 'Sign in' };

const SignInPage = () => (
  <Suspense fallback={null}>
    <SignInForm />
  </Suspense>
);

export default SignInPage;

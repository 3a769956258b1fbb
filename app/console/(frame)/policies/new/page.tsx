import type { Metadata } from 'next';
import { PolicyNew } from '@/components/policies/policy-new';

export const metadata: Metadata = { title: 'New policy' };

const NewPolicyPage = () => <PolicyNew />;

export default NewPolicyPage;

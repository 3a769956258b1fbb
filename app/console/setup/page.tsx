import type { Metadata } from 'next';
import { SetUp } from '@/components/entry/set-up';

export const metadata: Metadata = { title: 'Set up' };

const SetUpPage = () => <SetUp />;

export default SetUpPage;

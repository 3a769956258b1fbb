import type { Metadata } from 'next';
import { Home } from '@/components/home/home';

export const metadata: Metadata = { title: 'Home' };

const HomePage = () => <Home />;

export default HomePage;

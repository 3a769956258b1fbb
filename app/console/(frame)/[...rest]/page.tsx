import type { Metadata } from 'next';
import { notFound } from 'next/navigation';

export const metadata: Metadata = { title: 'No such page' };

/** Every address below the console that no page has: told as a page of the console, not as an answer of the API. */
const UnknownPage = () => notFound();

export default UnknownPage;

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Gallery } from '@/components/gallery/gallery';

export const metadata: Metadata = { title: 'Gallery' };

/** Every component in every state, for those who work on them; a production build has no such page. */
const GalleryPage = () => {
  if (process.env.NODE_ENV === 'production') notFound();
  return <Gallery />;
};

export default GalleryPage;

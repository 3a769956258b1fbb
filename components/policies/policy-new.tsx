'use client';

import { useSearchParams } from 'next/navigation';
import { draftFor } from './drafts';
import { PolicyForm } from './policy-form';
import { TemplateGallery } from './template-gallery';

/** The gallery, until a beginning is chosen. */
export const PolicyNew = () => {
  const start = useSearchParams().get('start');
  return start === null ? <TemplateGallery /> : <PolicyForm key={start} start={draftFor(start)} />;
};

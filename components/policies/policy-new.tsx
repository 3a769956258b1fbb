'use client';

import { useSearchParams } from 'next/navigation';
import { draftFor } from './drafts';
import { PolicyForm } from './policy-form';

export const PolicyNew = () => <PolicyForm start={draftFor(useSearchParams().get('start'))} />;

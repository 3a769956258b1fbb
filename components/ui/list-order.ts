'use client';

import { createContext, type RefObject } from 'react';

/** Keys of the rows of the list beside a detail, filtered and ordered as the reader sees them; the list keeps it up to date. */
export const ListOrder = createContext<RefObject<readonly string[]> | null>(null);

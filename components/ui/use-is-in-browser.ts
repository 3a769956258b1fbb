'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** False while a page is drawn by the server, and when the browser takes that page over; true from then on. */
export const useIsInBrowser = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

'use client';

import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';

/** A line above everything while the browser has no connection: what is shown may be old, and nothing can be decided. */
export const OfflineNotice = () => {
  const [isOffline, setOffline] = useState(false);
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine);
    look();
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  if (!isOffline) return null;
  return (
    <p role="status" className="flex items-center gap-2 border-b bg-pending-wash px-4 py-2 text-pending sm:px-6">
      <WifiOff aria-hidden className="size-4 shrink-0" />
      You are offline. What you see is from before, and nothing can be decided until the connection is back.
    </p>
  );
};

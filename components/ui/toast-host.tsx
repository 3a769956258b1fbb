'use client';

import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { Toaster as Base, toast as show } from 'sonner';
import type { Toast } from './toast-types';

const FAILURE_MS = 10_000;

const display = ({ kind, title, description }: Toast) =>
  show[kind](title, { ...(description && { description }), ...(kind === 'error' && { duration: FAILURE_MS }) });

/** Shows toasts; `onReady` gets what shows one. */
export const ToastHost = ({ onReady }: { onReady: (display: (toast: Toast) => void) => void }) => {
  const { resolvedTheme } = useTheme();
  // Runs after the effects below it, so that what shows them listens by then.
  useEffect(() => onReady(display), [onReady]);
  return (
    <Base
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      // Above the bar with which a request is decided.
      offset={{ bottom: 84, right: 24 }}
      mobileOffset={{ bottom: 84 }}
      toastOptions={{
        classNames: {
          toast: '!rounded-lg !border !border-line-strong !bg-surface !font-sans !text-ink !text-sm !shadow-lg',
          description: '!text-muted !text-xs',
        },
      }}
      icons={{
        success: <CircleCheck className="size-4 text-good" />,
        error: <CircleAlert className="size-4 text-bad" />,
        info: <Info className="size-4 text-muted" />,
      }}
    />
  );
};

'use client';

import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Toaster as Base, toast as show } from 'sonner';

export const Toaster = () => {
  const { resolvedTheme } = useTheme();
  return (
    <Base
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
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

export const toast = {
  done: (title: string, description?: string) => show.success(title, { ...(description && { description }) }),
  failed: (title: string, description?: string) =>
    show.error(title, { ...(description && { description }), duration: 10_000 }),
  note: (title: string, description?: string) => show.info(title, { ...(description && { description }) }),
};

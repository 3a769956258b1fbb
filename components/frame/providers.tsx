'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { Tooltip } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Toaster } from '@/components/ui/toast';
import { newQueryClient } from '@/lib/client/query-client';

/** What every page needs around it: theme, query cache, tooltips and toasts. */
export const Providers = ({ children, nonce }: { children: ReactNode; nonce?: string }) => {
  const [queryClient] = useState(newQueryClient);
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <Tooltip.Provider delayDuration={300} skipDelayDuration={100}>
          {children}
          <Toaster />
        </Tooltip.Provider>
      </QueryClientProvider>
    </ThemeProvider>
  );
};

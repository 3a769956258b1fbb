'use client';

import { Menu, Search } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useOrganisation } from '@/lib/client/organisation';

/** On phones: opens the rail and the palette. */
export const TopBar = ({ onMenu, onFind }: { onMenu: () => void; onFind: () => void }) => {
  const { data } = useOrganisation();
  return (
    <div className="flex h-12 shrink-0 items-center gap-2 border-b bg-canvas px-2 md:hidden">
      <Button look="quiet" size="icon" aria-label="Open navigation" onClick={onMenu} className="size-9">
        <Menu aria-hidden />
      </Button>
      <span className="min-w-0 flex-1 truncate font-medium">{data?.name ?? 'Countersign'}</span>
      <Button look="quiet" size="icon" aria-label="Find" onClick={onFind} className="size-9">
        <Search aria-hidden />
      </Button>
    </div>
  );
};

'use client';

import { Snowflake } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { useOrganisation } from '@/lib/client/organisation';
import { useMay } from '@/lib/client/session';

const FreezeDialog = dynamic(() => import('./freeze-dialog').then((module) => module.FreezeDialog), { ssr: false });

/** Stops every signature of the organisation at once, and says when it is stopped. */
export const FreezeButton = ({ wide }: { wide: string }) => {
  const { data } = useOrganisation();
  const may = useMay('Policies:Create');
  const [open, setOpen] = useState(false);
  if (!data || (!may && !data.frozen)) return null;
  const label = data.frozen ? 'Frozen' : 'Freeze';
  return (
    <>
      <button
        type="button"
        disabled={!may}
        aria-label={data.frozen ? 'Organisation is frozen' : 'Freeze the organisation'}
        onClick={() => setOpen(true)}
        className={classNames(
          'flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 text-muted enabled:hover:bg-hover enabled:hover:text-ink',
          data.frozen && 'bg-frozen-wash font-medium text-frozen',
        )}
      >
        <Snowflake aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
        <span className={wide}>{label}</span>
      </button>
      {open && <FreezeDialog open onOpenChange={setOpen} isFrozen={data.frozen} subject={{ name: data.name }} />}
    </>
  );
};

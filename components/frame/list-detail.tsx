'use client';

import { usePathname, useSelectedLayoutSegment } from 'next/navigation';
import { type ReactNode, useRef } from 'react';
import { classNames } from '@/components/ui/class-names';
import { ListOrder } from '@/components/ui/list-order';

/**
 * List and detail beside each other on wide screens, one after the other on narrow ones. The list stays mounted while the
 * detail changes, so it keeps its scroll and focus; the URL names both.
 */
export const ListDetail = ({ list, children }: { list: ReactNode; children: ReactNode }) => {
  const isOpen = useSelectedLayoutSegment() !== null;
  // An editor needs the width for itself.
  const isEditor = /\/(new|edit)$/.test(usePathname());
  const order = useRef<readonly string[]>([]);
  return (
    <ListOrder value={order}>
      <div className="flex h-full min-h-0">
        <div
          data-beside={isOpen || undefined}
          className={classNames(
            'flex min-h-0 min-w-0 flex-col',
            isEditor && 'hidden',
            isOpen ? 'w-[38%] min-w-[340px] max-w-[520px] shrink-0 border-r max-lg:hidden' : 'flex-1',
          )}
        >
          {list}
        </div>
        {isOpen && <div className="thin-scroll min-h-0 min-w-0 flex-1 overflow-y-auto bg-surface">{children}</div>}
      </div>
    </ListOrder>
  );
};

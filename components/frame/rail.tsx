'use client';

import { PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Kbd } from '@/components/ui/kbd';
import { useApprovalQueue } from '@/lib/client/approvals';
import { keepRail } from '@/lib/client/rail-width';
import { useMay } from '@/lib/client/session';
import { FreezeButton } from './freeze-button';
import { OrganisationBadge } from './organisation-badge';
import { RAIL_ITEMS } from './rail-items';
import { SignerDot } from './signer-dot';
import { UserMenu } from './user-menu';

/** How many approvals wait for the person who is signed in. */
const useWaitingCount = (): string | null => {
  const mayRead = useMay('Policies:Approvals:Read');
  const { table, query } = useApprovalQueue({ stage: 'needsMe' }, { enabled: mayRead });
  if (!query.data || table.rows.length === 0) return null;
  return `${table.rows.length}${table.hasMore ? '+' : ''}`;
};

type RailProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onFind: () => void;
  isLive: boolean | null;
  wasSlim: boolean;
};

export const Rail = ({ open, onOpenChange, onFind, isLive, wasSlim }: RailProps) => {
  const pathname = usePathname();
  const waiting = useWaitingCount();
  const [isSlim, setSlim] = useState(wasSlim);
  const toggle = () => {
    keepRail(!isSlim);
    setSlim(!isSlim);
  };
  // Slim by choice, or because the screen is narrow; the drawer of phones is always wide.
  const wide = open ? 'block' : isSlim ? 'hidden' : 'hidden xl:block';
  return (
    <>
      {open && (
        <button
          type="button"
          aria-label="Close navigation"
          className="fixed inset-0 z-30 bg-shade md:hidden"
          onClick={() => onOpenChange(false)}
        />
      )}
      <nav
        aria-label="Console"
        data-slim={(isSlim && !open) || undefined}
        className={classNames(
          'flex shrink-0 flex-col border-r bg-canvas',
          open
            ? 'fixed inset-y-0 left-0 z-40 w-[260px] shadow-2xl md:static md:w-[220px] md:shadow-none'
            : 'hidden md:flex',
          !open && (isSlim ? 'w-14' : 'w-14 xl:w-[220px]'),
        )}
      >
        <OrganisationBadge wide={wide} />
        <div className="px-2 pb-1">
          <button
            type="button"
            onClick={onFind}
            aria-label="Find, go to, act"
            className="flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 text-faint hover:bg-hover hover:text-ink"
          >
            <Search aria-hidden className="size-4 shrink-0" />
            <span className={classNames('flex-1 text-left', wide)}>Find</span>
            <span className={wide}>
              <Kbd keys="⌘ K" />
            </span>
          </button>
        </div>
        <ul className="thin-scroll min-h-0 flex-1 space-y-0.5 overflow-y-auto px-2 py-1">
          {RAIL_ITEMS.map(({ href, label, icon: Icon }) => {
            const isHere = href === '/console' ? pathname === href : pathname.startsWith(href);
            const count = label === 'Approvals' ? waiting : null;
            return (
              <li key={href}>
                <Link
                  href={href}
                  prefetch={false}
                  title={label}
                  aria-current={isHere ? 'page' : undefined}
                  aria-label={count ? `${label}, ${count} waiting for you` : label}
                  className={classNames(
                    'relative flex h-8 items-center gap-2.5 rounded-md px-2.5 text-muted transition-colors hover:bg-hover hover:text-ink',
                    isHere && 'bg-hover font-medium text-ink',
                  )}
                >
                  <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
                  <span className={classNames('flex-1', wide)}>{label}</span>
                  {count && (
                    <span
                      className={classNames(
                        'tabular rounded-sm bg-accent px-1.5 font-medium text-accent-ink text-xs leading-4',
                        wide === 'block'
                          ? ''
                          : isSlim
                            ? 'absolute top-0 right-0'
                            : 'max-xl:absolute max-xl:top-0 max-xl:right-0',
                      )}
                    >
                      {count}
                    </span>
                  )}
                </Link>
              </li>
            );
          })}
        </ul>
        <div className="space-y-0.5 border-t p-2">
          <SignerDot wide={wide} isLive={isLive} />
          <FreezeButton wide={wide} />
          <UserMenu wide={wide} />
          <Button
            look="quiet"
            size="sm"
            onClick={toggle}
            aria-label={isSlim ? 'Widen navigation' : 'Narrow navigation'}
            className="hidden w-full justify-start px-2.5 xl:flex"
          >
            {isSlim ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
          </Button>
        </div>
      </nav>
    </>
  );
};

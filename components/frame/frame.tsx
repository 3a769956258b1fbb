'use client';

import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { HotkeyProvider, useHotkeys } from '@/components/ui/hotkeys';
import { ClientError } from '@/lib/client/client-error';
import { useLiveUpdates } from '@/lib/client/live-updates';
import { useSession } from '@/lib/client/session';
import { FrameSkeleton } from './frame-skeleton';
import { GenesisWarning } from './genesis-warning';
import { NotVouched } from './not-vouched';
import { OfflineNotice } from './offline-notice';
import { Problem } from './problem';
import { Rail } from './rail';
import { RAIL_ITEMS } from './rail-items';
import { TopBar } from './top-bar';
import { useNotify } from './use-notify';

// Neither is shown before somebody asks for it.
const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const KeyList = dynamic(() => import('./key-list').then((module) => module.KeyList), { ssr: false });

type FrameProps = {
  children: ReactNode;
  /** As the reader left it last time. */
  isRailSlim: boolean;
};

const Inside = ({ children, isRailSlim }: FrameProps) => {
  const router = useRouter();
  const pathname = usePathname();
  const session = useSession();
  const isLive = useLiveUpdates(session.data !== undefined);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [railOpen, setRailOpen] = useState(false);
  useNotify();
  const signedOut = session.error instanceof ClientError && session.error.status === 401;

  useEffect(() => {
    // With its filters and order: whoever is signed out in the middle of a list comes back to that list.
    if (signedOut) router.replace(`/console/sign-in?next=${encodeURIComponent(pathname + window.location.search)}`);
  }, [signedOut, pathname, router]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setPaletteOpen((open) => !open);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes after every navigation
  useEffect(() => setRailOpen(false), [pathname]);
  useHotkeys([
    ...RAIL_ITEMS.map(({ keys, label, href }) => ({ keys, label, group: 'Go to', run: () => router.push(href) })),
    { keys: '?', label: 'Show keys', group: 'Anywhere', run: () => setKeysOpen(true) },
    { keys: '⌘K', label: 'Find, go to, act', group: 'Anywhere', run: () => setPaletteOpen(true) },
  ]);

  if (!session.data) {
    if (session.error && !signedOut)
      return <Problem error={session.error} what="your session" onRetry={() => void session.refetch()} />;
    return <FrameSkeleton />;
  }
  return (
    <div className="flex h-dvh min-h-0">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface focus:p-2"
      >
        Skip to content
      </a>
      <Rail
        open={railOpen}
        onOpenChange={setRailOpen}
        onFind={() => setPaletteOpen(true)}
        isLive={isLive}
        wasSlim={isRailSlim}
      />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopBar onMenu={() => setRailOpen(true)} onFind={() => setPaletteOpen(true)} />
        <OfflineNotice />
        <GenesisWarning />
        <NotVouched />
        <main id="main" className="min-h-0 flex-1 overflow-hidden">
          {/* No boundary of Suspense: what a server draws within one may be shown by a script only. */}
          {children}
        </main>
      </div>
      {paletteOpen && <Palette open onOpenChange={setPaletteOpen} onKeys={() => setKeysOpen(true)} />}
      {keysOpen && <KeyList open onOpenChange={setKeysOpen} />}
    </div>
  );
};

/** Everything around a page of somebody who is signed in: rail, palette, keys, live updates. */
export const Frame = (props: FrameProps) => (
  <HotkeyProvider>
    <Inside {...props} />
  </HotkeyProvider>
);

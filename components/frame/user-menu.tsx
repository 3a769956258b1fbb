'use client';

import { CircleUser, Laptop, LogOut, Moon, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { classNames } from '@/components/ui/class-names';
import { Menu } from '@/components/ui/menu';
import { useSession } from '@/lib/client/session';
import { signOutHere } from '@/lib/client/sign-out';

/** The person, the theme, and the way out. */
export const UserMenu = ({ wide }: { wide: string }) => {
  const router = useRouter();
  const { setTheme } = useTheme();
  const username = useSession().data?.user.username ?? '';
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Signed in as ${username}`}
          className="flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 text-muted hover:bg-hover hover:text-ink"
        >
          <CircleUser aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          <span className={classNames('min-w-0 flex-1 truncate text-left', wide)}>{username}</span>
        </button>
      }
      items={[
        { label: 'Your passkeys', icon: CircleUser, onSelect: () => router.push('/console/settings') },
        { label: 'Light', icon: Sun, onSelect: () => setTheme('light') },
        { label: 'Dark', icon: Moon, onSelect: () => setTheme('dark') },
        { label: 'As the system', icon: Laptop, onSelect: () => setTheme('system') },
        { label: 'Sign out', icon: LogOut, onSelect: () => void signOutHere() },
      ]}
    />
  );
};

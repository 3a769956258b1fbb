'use client';

import { Command } from 'cmdk';
import { FilePlus, Keyboard, LogOut, type LucideIcon, Search, Send, UserPlus, UserRoundCog } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { shorten } from '@/components/ui/copyable';
import { Kbd } from '@/components/ui/kbd';
import { signOutHere } from '@/lib/client/sign-out';
import { RAIL_ITEMS } from './rail-items';
import { type FoundSoFar, useFound } from './use-found';

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onKeys: () => void };

const ACTIONS: readonly { readonly label: string; readonly href: string; readonly icon: LucideIcon }[] = [
  { label: 'Send from a wallet', href: '/console/wallets?send=1', icon: Send },
  { label: 'Create a wallet', href: '/console/wallets?new=1', icon: FilePlus },
  { label: 'Create a policy', href: '/console/policies/new', icon: FilePlus },
  { label: 'Create a role', href: '/console/roles?new=1', icon: FilePlus },
  { label: 'Invite a person', href: '/console/people?new=1', icon: UserPlus },
  { label: 'Hand over my seats in approvals', href: '/console/settings?seats=1', icon: UserRoundCog },
];

const Item = ({
  icon: Icon,
  label,
  note,
  onSelect,
  value,
}: {
  icon: LucideIcon;
  label: string;
  note?: string;
  onSelect: () => void;
  value?: string;
}) => (
  <Command.Item
    value={value ?? label}
    onSelect={onSelect}
    className="flex h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover"
  >
    <Icon aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
    <span className="min-w-0 flex-1 truncate">{label}</span>
    {note && <span className="shrink-0 font-mono text-faint text-xs">{note}</span>}
  </Command.Item>
);

/** Says that nothing is there only where all of it was read. */
const emptyWords = (text: string, { isSearching, isAll }: FoundSoFar): string => {
  if (text.trim().length < 3) return 'Type three characters or more of a name, id, address or hash.';
  if (isSearching) return 'Looking…';
  return isAll
    ? 'Nothing that you may read has that name, id, address or hash.'
    : 'Nothing found, but not everything could be searched. Open the list and filter it there.';
};

/** Opens everything: places, actions, and whatever an id, address, hash or name finds. */
export const Palette = ({ open, onOpenChange, onKeys }: PaletteProps) => {
  const router = useRouter();
  const [text, setText] = useState('');
  const found = useFound(text, open);
  const close = () => {
    onOpenChange(false);
    setText('');
  };
  const go = (href: string) => () => {
    close();
    router.push(href);
  };
  const heading =
    '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-xs';
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content className="-translate-x-1/2 data-[state=open]:fade-in-0 fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-xl overflow-hidden rounded-lg border border-line-strong bg-surface shadow-2xl data-[state=open]:animate-in data-[state=open]:duration-100">
          <Dialog.Title className="sr-only">Find, go to, act</Dialog.Title>
          <Dialog.Description className="sr-only">Type a name, an id, an address or a hash.</Dialog.Description>
          <Command label="Find, go to, act" loop>
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden className="size-4 text-faint" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Go to, act on, or paste an id, address or hash"
                className="h-12 flex-1 bg-transparent text-base outline-none"
              />
              <Kbd keys="Esc" />
            </div>
            <Command.List className={`thin-scroll max-h-[52vh] overflow-y-auto p-1.5 ${heading}`}>
              <Command.Empty className="px-3 py-8 text-center text-muted">{emptyWords(text, found)}</Command.Empty>
              {found.items.length > 0 && (
                <Command.Group heading="Found">
                  {found.items.map((item) => (
                    <Item
                      key={item.href}
                      value={`${item.label} ${item.id} ${item.also ?? ''} ${text}`}
                      icon={item.icon}
                      label={item.label}
                      note={shorten(item.id)}
                      onSelect={go(item.href)}
                    />
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Go to">
                {RAIL_ITEMS.map((item) => (
                  <Item key={item.href} icon={item.icon} label={item.label} onSelect={go(item.href)} />
                ))}
              </Command.Group>
              <Command.Group heading="Act">
                {ACTIONS.map((action) => (
                  <Item key={action.href} icon={action.icon} label={action.label} onSelect={go(action.href)} />
                ))}
                <Item
                  icon={Keyboard}
                  label="Show keys"
                  onSelect={() => {
                    close();
                    onKeys();
                  }}
                />
                <Item icon={LogOut} label="Sign out" onSelect={() => void signOutHere()} />
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
};

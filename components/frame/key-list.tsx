'use client';

import { CharacterKeysSwitch } from '@/components/ui/character-keys';
import { Dialog } from '@/components/ui/dialog';
import { useHotkeyList } from '@/components/ui/hotkeys';
import { Kbd } from '@/components/ui/kbd';

/** Every key that works on this page, by group. */
export const KeyList = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const hotkeys = useHotkeyList();
  const groups = [...new Set(hotkeys.map((one) => one.group))];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys" description="What works on this page right now." wide>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-1.5 font-medium text-muted text-xs">{group}</h3>
            <ul>
              {[...new Map(hotkeys.filter((one) => one.group === group).map((one) => [one.keys, one])).values()].map(
                (one) => (
                  <li key={one.keys} className="flex h-8 items-center justify-between gap-4">
                    {one.label}
                    <Kbd keys={one.keys === 'Enter' ? '⏎' : one.keys === 'Escape' ? 'Esc' : one.keys} />
                  </li>
                ),
              )}
            </ul>
          </section>
        ))}
      </div>
      <div className="mt-5 border-t pt-4">
        <CharacterKeysSwitch />
      </div>
    </Dialog>
  );
};

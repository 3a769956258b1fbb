'use client';

import { Bookmark, BookmarkPlus, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { isObject } from '@/lib/client/is-object';
import { Button } from './button';
import { Menu } from './menu';
import { toast } from './toast';

const SaveViewDialog = dynamic(() => import('./save-view-dialog').then((module) => module.SaveViewDialog), {
  ssr: false,
});

type SavedView = { readonly name: string; readonly query: string };
const isView = (value: unknown): value is SavedView =>
  isObject(value) && typeof value['name'] === 'string' && typeof value['query'] === 'string';

const readViews = (key: string): readonly SavedView[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
};

/** Filters of a list under a name. They are kept in this browser; the link of a view works for everybody. */
export const SavedViews = ({ name, path }: { name: string; path: string }) => {
  const key = `countersign.views.${name}`;
  const router = useRouter();
  const [views, setViews] = useState<readonly SavedView[]>([]);
  const [saving, setSaving] = useState(false);
  useEffect(() => setViews(readViews(key)), [key]);
  const write = (next: readonly SavedView[]) => {
    localStorage.setItem(key, JSON.stringify(next));
    setViews(next);
  };
  const save = (name: string) => {
    const view = { name, query: window.location.search };
    write([...views.filter((one) => one.name !== view.name), view]);
    setSaving(false);
    toast.done(`Saved the view “${view.name}”`, 'Kept in this browser.');
  };
  const current = views.find((one) => typeof window !== 'undefined' && one.query === window.location.search);
  return (
    <>
      <Menu
        trigger={
          <Button look="quiet" size="sm" aria-label="Saved views" className="beside:hidden">
            <Bookmark aria-hidden />
            Views
          </Button>
        }
        items={[
          ...views.map((view) => ({
            label: view.name,
            icon: Bookmark,
            onSelect: () => router.push(`${path}${view.query}`),
          })),
          { label: 'Save this view …', icon: BookmarkPlus, onSelect: () => setSaving(true) },
          ...(current
            ? [
                {
                  label: `Delete “${current.name}”`,
                  icon: Trash2,
                  danger: true,
                  onSelect: () => write(views.filter((one) => one !== current)),
                },
              ]
            : []),
        ]}
      />
      {saving && <SaveViewDialog onClose={() => setSaving(false)} onSave={save} />}
    </>
  );
};

import { Signature } from 'lucide-react';
import type { ReactNode } from 'react';

/** The page before somebody is signed in: one thing to do. */
export const EntryCard = ({ title, children, below }: { title: string; children: ReactNode; below?: ReactNode }) => (
  <main className="flex min-h-dvh flex-col items-center px-4 pt-[14vh] pb-10">
    <div className="w-full max-w-sm">
      <div className="mb-6 flex items-center gap-2.5">
        <span className="flex size-8 items-center justify-center rounded-md bg-ink text-canvas">
          <Signature aria-hidden className="size-4.5" />
        </span>
        <span className="font-semibold text-base">Countersign</span>
      </div>
      <div className="rounded-lg border bg-surface p-5">
        <h1 className="mb-4 font-semibold text-title tracking-tight">{title}</h1>
        {children}
      </div>
      {below && <div className="mt-4 text-muted text-xs">{below}</div>}
    </div>
  </main>
);

'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Notice } from '@/components/ui/notice';

type ChangedMeanwhileProps = {
  /** What is edited: "this policy". */
  what: string;
  /** Hashes of the version that stood there when the form was opened, and of the one in force now. */
  opened: string;
  now: string;
  /** What differs between the two. */
  children: ReactNode;
  /** Takes the version in force now; what was typed is given up. */
  onReload: () => void;
};

/** Says that somebody else changed what is being edited. A form signs for the version it was opened with, so the server refuses it then. */
export const ChangedMeanwhile = ({ what, opened, now, children, onReload }: ChangedMeanwhileProps) =>
  opened === now ? null : (
    <Notice
      tone="pending"
      title="Changed meanwhile"
      action={
        <Button size="sm" onClick={onReload}>
          Start from the new one
        </Button>
      }
    >
      Somebody changed {what} since you opened it. What you save would replace the older version, so it will be refused.
      <Disclosure title="What they changed">{children}</Disclosure>
    </Notice>
  );

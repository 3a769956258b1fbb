'use client';

import { z } from 'zod';
import { Notice } from '@/components/ui/notice';
import { typed } from '@/lib/client/typed';
import { vouchBody } from '@/lib/contract/extensions';

/** Base64 is compared without its padding, which people leave out. */
const bare = (fingerprint: string): string => fingerprint.replace(/=+$/, '');
export const isSameFingerprint = (a: string, b: string): boolean => bare(a) === bare(b);

const withoutSpaces = (text: string): string => text.replace(/\s+/g, '');

/** A fingerprint that somebody types. It is never filled in from the server: the server is what comparing protects against. */
export const fingerprintForm = z.object({
  fingerprint: typed(
    vouchBody.shape.fingerprint,
    'It begins with SHA256: and has 43 or 44 characters after it.',
    withoutSpaces,
  ),
});

/** Whether what was typed is the fingerprint that the server holds; nothing while it is none yet. */
export const ComparedFingerprint = ({
  typed: given,
  held,
  differ,
  children,
}: {
  typed: unknown;
  held: string;
  /** What to think when the two differ. */
  differ: string;
  children: React.ReactNode;
}) => {
  const read = fingerprintForm.safeParse(given);
  if (!read.success) return null;
  return isSameFingerprint(read.data.fingerprint, held) ? (
    <Notice tone="good" title="The two are the same" />
  ) : (
    <Notice tone="bad" title={differ}>
      {children}
    </Notice>
  );
};

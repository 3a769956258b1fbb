import Link from 'next/link';
import { CopyButton, shorten } from '@/components/ui/copyable';

/** A key by its id, leading to its page. */
export const KeyLink = ({ keyId }: { keyId: string }) => (
  <span className="inline-flex items-center gap-1">
    <Link href={`/console/keys/${keyId}`} prefetch={false} className="tabular font-mono text-xs underline">
      {shorten(keyId)}
    </Link>
    <CopyButton value={keyId} label="key id" />
  </span>
);

'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useQueueText } from '@/components/approvals/use-approval-text';
import { useApprovalQueue } from '@/lib/client/approvals';
import { useMay } from '@/lib/client/session';

export const NOTIFY_KEY = 'countersign.notify';

/** Tells the reader by the browser's own notifications that something new waits for them, while they look elsewhere. */
export const useNotify = () => {
  const { query, table } = useApprovalQueue({ stage: 'needsMe' }, { enabled: useMay('Policies:Approvals:Read') });
  const router = useRouter();
  const textOf = useQueueText();
  const seen = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (!query.data) return;
    const before = seen.current;
    seen.current = new Set(table.rows.map((row) => row.id));
    if (!before || localStorage.getItem(NOTIFY_KEY) !== 'on' || document.visibilityState === 'visible') return;
    // Asked last: the browser asks another process of its own for it, and the page waits.
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const fresh = table.rows.filter((row) => !before.has(row.id));
    const first = fresh[0];
    if (!first) return;
    const title = fresh.length === 1 ? 'Your approval is asked for' : `${fresh.length} requests wait for you`;
    const notification = new Notification(title, { body: textOf(first), tag: 'countersign-approvals' });
    notification.onclick = () => {
      window.focus();
      notification.close();
      router.push(fresh.length === 1 ? `/console/approvals/${first.id}` : '/console/approvals');
    };
  }, [query.data, table.rows, textOf, router]);
};

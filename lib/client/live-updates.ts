'use client';

import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { liveEvent } from '@/lib/contract/extensions';
import { isObject } from './is-object';
import { QUERY } from './keys';

type Kind = z.infer<typeof liveEvent>['kind'];

/** What a message of the stream makes old. */
const STALE: Readonly<Record<Kind, readonly QueryKey[]>> = {
  activity: [QUERY.activities, QUERY.wallets],
  approval: [QUERY.approvals, QUERY.activities],
  policy: [QUERY.policies],
  permission: [QUERY.permissions, QUERY.session],
  user: [QUERY.people, QUERY.serviceAccounts, QUERY.credentials],
  wallet: [QUERY.wallets],
  key: [QUERY.wallets, QUERY.signingKeys],
  organisation: [QUERY.organisation],
  signers: [QUERY.signers],
  ledger: [['signers', 'head'], QUERY.audit],
};

const GATHER_MS = 250;
const POLL_MS = 10_000;

const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(STALE, kind);

const parse = (text: string): Kind | null => {
  try {
    const message: unknown = JSON.parse(text);
    return isObject(message) && isKind(message['kind']) ? message['kind'] : null;
  } catch {
    return null;
  }
};

/**
 * Keeps what is on the screen current: every message of `/x/events` makes the queries it concerns old, and they are fetched
 * behind what is shown. While the stream is down everything shown is polled.
 * @returns whether the stream is open; null before it was tried.
 */
export const useLiveUpdates = (enabled: boolean): boolean | null => {
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState<boolean | null>(null);

  useEffect(() => {
    if (!enabled) return;
    const gathered = new Set<Kind>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const keys = [...gathered].flatMap((kind) => STALE[kind]);
      gathered.clear();
      for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey, refetchType: 'active' });
    };
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const onMessage = (message: MessageEvent<string>) => {
      const kind = parse(message.data);
      if (!kind) return;
      gathered.add(kind);
      timer ??= setTimeout(flush, GATHER_MS);
    };
    const listen = () => {
      const opened = new EventSource('/x/events');
      source = opened;
      opened.onopen = () => {
        setOpen(true);
        // What changed while the stream was away was not told.
        void queryClient.invalidateQueries({ refetchType: 'active' });
      };
      opened.onerror = () => {
        setOpen(false);
        // A lost connection is taken up again by the browser; after an answer that is no stream, as of a restarting server, it gives up.
        if (opened.readyState === EventSource.CLOSED) again = setTimeout(listen, POLL_MS);
      };
      opened.onmessage = onMessage;
      for (const kind of Object.keys(STALE)) opened.addEventListener(kind, onMessage);
    };
    listen();
    return () => {
      source?.close();
      clearTimeout(again);
      clearTimeout(timer);
    };
  }, [enabled, queryClient]);

  useEffect(() => {
    if (!enabled || isOpen) return;
    const timer = setInterval(() => void queryClient.invalidateQueries({ refetchType: 'active' }), POLL_MS);
    return () => clearInterval(timer);
  }, [enabled, isOpen, queryClient]);

  return isOpen;
};

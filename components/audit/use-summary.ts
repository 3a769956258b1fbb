'use client';

import { useMemo } from 'react';
import { useNames } from '@/components/people/use-names';
import { shorten } from '@/components/ui/copyable';
import { usePermissions } from '@/lib/client/permissions';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import { useWallets } from '@/lib/client/wallets';

const ID =
  /\b(?:us|wa|key|xfr|tx|sig|ap|cr|pm|as|plc|to)-[0-9a-z]{5}-[0-9a-z]{5}-[0-9a-z]{14,16}\b|\b0x[0-9a-fA-F]{40}\b/g;

/** The words of an entry with people, wallets, roles and policies by name and other ids shortened; the detail has each id whole. */
export const useSummary = (): ((summary: string) => string) => {
  const people = useNames();
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  const roles = usePermissions({ enabled: useMay('Permissions:Read') }).table.rows;
  const policies = usePolicies(undefined, { enabled: useMay('Policies:Read') }).table.rows;
  return useMemo(() => {
    const named = [...wallets, ...roles, ...policies].flatMap(({ id, name }) =>
      name ? [[id, `“${name}”`] as const] : [],
    );
    const names = new Map<string, string>([...[...people].map(([id, { label }]) => [id, label] as const), ...named]);
    return (summary) => summary.replace(ID, (id) => names.get(id) ?? shorten(id));
  }, [people, wallets, roles, policies]);
};

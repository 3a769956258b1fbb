'use client';

import { useMemo } from 'react';
import { useNow } from '@/components/ui/time';
import { useDelegations } from '@/lib/client/delegations';
import { useOrganisation } from '@/lib/client/organisation';
import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { type ShownDecision, seats } from '@/lib/client/seats';
import { useMay } from '@/lib/client/session';
import type { RequiredGroup } from '@/lib/policy/policy';
import type { GroupProgress } from '@/lib/policy/quorum';

/** What is told of a request's or change's approval. */
export type AskedApproval = {
  readonly groups: readonly RequiredGroup[];
  readonly decisions: readonly ShownDecision[];
  readonly dateAsked?: string | undefined;
};

const NONE: AskedApproval = { groups: [], decisions: [] };
const EVERY_MS = 10_000;

/** How long people have been asked, milliseconds, as this browser’s clock says. */
export const useOpenMs = (dateAsked: string | undefined): number => {
  const now = useNow(EVERY_MS);
  return now === null || dateAsked === undefined ? 0 : Math.max(0, now - Date.parse(dateAsked));
};

/** Groups as seats, worked out here by the function that API and signers use; empty until the approval is loaded. */
export const useSeats = (asked: AskedApproval | undefined, initiatorId: string): readonly GroupProgress[] => {
  const { groups, decisions, dateAsked } = asked ?? NONE;
  const people = usePeople({ enabled: useMay('Auth:Users:Read') }).table.rows;
  const serviceAccounts = useServiceAccounts({ enabled: useMay('Auth:ServiceAccounts:Read') }).data?.items;
  const delegations = useDelegations({ current: 'true' }, { enabled: groups.length > 0 }).table.rows;
  const strict = useOrganisation().data?.strict ?? false;
  const openMs = useOpenMs(groups.some((group) => group.escalation) ? dateAsked : undefined);
  return useMemo(
    () =>
      seats({
        groups,
        decisions,
        initiatorId,
        people,
        serviceAccounts: serviceAccounts ?? [],
        delegations,
        openMs,
        strict,
      }),
    [groups, decisions, initiatorId, people, serviceAccounts, delegations, openMs, strict],
  );
};

'use client';

import { useMemo } from 'react';
import { checkChange } from '@/lib/verifying/check-change';
import { checkActivity } from '@/lib/verifying/check-request';
import { useActivity } from './activities';
import { useChangeRequest } from './approvals';
import { pinnedGenesis } from './genesis-pin';
import { useSession } from './session';

const useKnown = () => {
  const orgId = useSession().data?.orgId;
  // SECURITY: checks are the browser's. Where a server draws the page nothing counts as checked.
  return useMemo(
    () => (orgId && typeof window !== 'undefined' ? { orgId, genesis: pinnedGenesis(orgId) } : null),
    [orgId],
  );
};

/** A request, decoded from its ledger entry in this browser; `checked` is undefined until it is loaded. */
export const useCheckedActivity = (activityId: string | undefined) => {
  const query = useActivity(activityId);
  const known = useKnown();
  const checked = useMemo(
    () => (query.data && known ? checkActivity(query.data, known) : undefined),
    [query.data, known],
  );
  return { query, checked };
};

/** A change of governance, read from its ledger entry in this browser. */
export const useCheckedChange = (changeRequestId: string | undefined) => {
  const query = useChangeRequest(changeRequestId);
  const known = useKnown();
  const checked = useMemo(
    () => (query.data && known ? checkChange(query.data, known) : undefined),
    [query.data, known],
  );
  return { query, checked };
};

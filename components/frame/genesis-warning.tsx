'use client';

import { Notice } from '@/components/ui/notice';
import { useIsInBrowser } from '@/components/ui/use-is-in-browser';
import { useOrganisation } from '@/lib/client/organisation';

/** Shown on every page when the server names another genesis than the one this browser first met: nothing may be signed then. */
export const GenesisWarning = () => {
  const { data } = useOrganisation();
  // The page as a server drew it knows nothing of what this browser met before.
  const isInBrowser = useIsInBrowser();
  if (!isInBrowser || !data || data.genesis === data.pinnedGenesis) return null;
  return (
    <Notice tone="bad" title="This server shows another genesis than before. Don’t sign anything." className="m-3">
      This browser knows the organisation by <span className="break-all font-mono">{data.pinnedGenesis}</span>, the
      server now says <span className="break-all font-mono">{data.genesis}</span>. Compare the fingerprint with another
      administrator over a second channel.
    </Notice>
  );
};

'use client';

import { FlaskConical, Globe, Snowflake } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Tooltip } from '@/components/ui/tooltip';
import { useOrganisation } from '@/lib/client/organisation';

/** Where this runs and whether it is frozen, in words. */
export const EnvironmentBadge = () => {
  const { data } = useOrganisation();
  if (!data) return null;
  return (
    <span className="flex flex-wrap gap-2">
      {data.frozen && (
        <Badge tone="frozen" icon={Snowflake}>
          Frozen: nothing is signed
        </Badge>
      )}
      <Tooltip
        content={
          data.mainnet
            ? 'Mainnets are switched on as an experiment. No outside party has reviewed the signing code.'
            : 'Only test networks are served: what moves here has no value.'
        }
      >
        <span>
          <Badge tone={data.mainnet ? 'bad' : 'neutral'} icon={data.mainnet ? Globe : FlaskConical}>
            {data.profile} · {data.mainnet ? 'mainnets' : 'testnets'}
          </Badge>
        </span>
      </Tooltip>
    </span>
  );
};

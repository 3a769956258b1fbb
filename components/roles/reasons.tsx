import Link from 'next/link';
import { Fragment } from 'react';
import type { AccessReason } from '@/lib/client/shapes';

/** By which roles an operation is held; an umbrella over it is named. */
export const Reasons = ({ operation, because }: { operation: string; because: readonly AccessReason[] }) => (
  <>
    {because.map((reason, index) => (
      <Fragment key={reason.assignmentId}>
        {index > 0 && ', '}
        <Link href={`/console/roles/${reason.permissionId}`} prefetch={false} className="hover:underline">
          {reason.permissionName}
        </Link>
        {reason.as !== operation && reason.as !== '*' && <span className="text-faint"> ({reason.as})</span>}
      </Fragment>
    ))}
  </>
);

'use client';

import { Notice } from '@/components/ui/notice';
import { ClientError, PasskeyDismissedError } from '@/lib/client/client-error';
import { StatementDiffersError } from '@/lib/verifying/difference';

/** Why a signed action did not happen. A differing statement is the loudest: the server asked for something else. */
export const SigningProblem = ({ error }: { error: Error | null }) => {
  if (!error) return null;
  if (error instanceof PasskeyDismissedError)
    return (
      <Notice tone="neutral" title="Not signed">
        {error.message}
      </Notice>
    );
  if (error instanceof StatementDiffersError)
    return (
      <Notice tone="bad" title="Refused to sign: the server asked for something else than this page shows">
        <p>Nothing was signed. Don’t try again; tell another administrator and your operator what differs:</p>
        <ul className="mt-1 space-y-1">
          {error.differences.map((one) => (
            <li key={one.what}>
              <span className="font-medium text-ink">{one.what}</span>
              <span className="block break-all font-mono text-xs">shown: {one.shown}</span>
              <span className="block break-all font-mono text-xs">asked: {one.asked}</span>
            </li>
          ))}
        </ul>
      </Notice>
    );
  const requestId = error instanceof ClientError ? error.options.requestId : undefined;
  const isRefusal = error instanceof ClientError && error.status >= 400 && error.status < 500;
  return (
    <Notice tone="bad" title={isRefusal ? 'The server refused' : 'That did not work'}>
      <p>{error.message}</p>
      {requestId && (
        <p className="mt-1 text-xs">
          Quote <span className="font-mono">{requestId}</span>
        </p>
      )}
    </Notice>
  );
};

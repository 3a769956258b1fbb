'use client';

import { ProblemView } from '@/components/ui/problem-view';
import { ClientError } from '@/lib/client/client-error';

const OPERATION = /not authorized to perform operation \(([^)]+)\)/i;

/** An error in the words of the console: what happened, what it means, what to do, which id to quote. */
export const Problem = ({ error, what, onRetry }: { error: Error; what: string; onRetry?: () => void }) => {
  if (!(error instanceof ClientError))
    return (
      <ProblemView kind="error" title={`This page could not show ${what}`} onRetry={onRetry}>
        <p>{error.message}</p>
        <p>Nothing was changed. Reload the page; if it happens again, tell your operator.</p>
      </ProblemView>
    );
  const quote = error.options.requestId;
  if (error.status === 403) {
    const operation = OPERATION.exec(error.message)?.[1];
    return (
      <ProblemView kind="forbidden" title={`You may not see ${what}`} quote={quote} onRetry={onRetry}>
        {operation ? (
          <p>
            It needs the permission <span className="font-medium text-ink">{operation}</span>. Anybody who may assign
            roles (<span className="whitespace-nowrap">Permissions:Assign</span>) can give you a role that holds it.
          </p>
        ) : (
          <p>{error.message}</p>
        )}
      </ProblemView>
    );
  }
  if (error.status === 404)
    return (
      <ProblemView kind="missing" title="Not found" quote={quote}>
        <p>
          There is no such entry in this organisation, or you may not know of it. Check the link, or look in the list.
        </p>
      </ProblemView>
    );
  if (error.status === 0)
    return (
      <ProblemView kind="offline" title={`Can’t load ${what}`} onRetry={onRetry}>
        <p>{error.message}</p>
      </ProblemView>
    );
  return (
    <ProblemView kind="error" title={`The server could not show ${what}`} quote={quote} onRetry={onRetry}>
      <p>{error.message}</p>
      <p>Nothing was changed. Try again in a moment; if it happens again, quote the id to your operator.</p>
    </ProblemView>
  );
};

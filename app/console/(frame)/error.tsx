'use client';

import { ProblemView } from '@/components/ui/problem-view';

const PageError = ({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) => (
  <ProblemView kind="error" title="This page stopped working" quote={error.digest} onRetry={reset}>
    <p>{error.message}</p>
    <p>Nothing was changed by it. Reload; if it happens again, tell your operator.</p>
  </ProblemView>
);

export default PageError;

'use client';

import { useMutation } from '@tanstack/react-query';
import { FileDown } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { saveText } from '@/components/ui/csv';
import { toast } from '@/components/ui/toast';
import { accessReviewCsv } from '@/lib/client/access-review';

/** The file of an access review: every identity with every role it holds. */
export const AccessReview = () => {
  const review = useMutation({
    mutationFn: accessReviewCsv,
    onSuccess: (csv) => {
      saveText(`access-review-${new Date().toISOString().slice(0, 10)}.csv`, csv);
      toast.done('Access review saved', 'Every identity with every role it holds now.');
    },
    onError: (error) => toast.failed('The access review could not be made', error.message),
  });
  return (
    <Button busy={review.isPending} onClick={() => review.mutate()} aria-label="Export an access review as CSV">
      <FileDown aria-hidden />
      <span className="beside:sr-only max-sm:sr-only">Access review</span>
    </Button>
  );
};

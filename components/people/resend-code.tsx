'use client';

import { useMutation } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toast';
import { post } from '@/lib/client/call';

/** Sends a fresh registration code; the one before it stops working. */
export const ResendCode = ({ orgId, username }: { orgId: string; username: string }) => {
  const resend = useMutation({
    mutationFn: () => post('auth.resendRegistrationCode', { orgId, username }),
    onSuccess: () => toast.done('New code sent', 'The code before it no longer works.'),
    onError: (error) => toast.failed('No code was sent', error.message),
  });
  return (
    <Button busy={resend.isPending} onClick={() => resend.mutate()}>
      <Mail aria-hidden />
      Send a new code
    </Button>
  );
};

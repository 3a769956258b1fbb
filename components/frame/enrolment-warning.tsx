'use client';

import Link from 'next/link';
import { Notice } from '@/components/ui/notice';
import { useOrganisation } from '@/lib/client/organisation';

/** Shown while a registration code alone introduces a key: what that means, and where to end it. */
export const EnrolmentWarning = ({ className }: { className?: string }) => {
  const { data } = useOrganisation();
  if (data?.enrolment !== 'server') return null;
  return (
    <Notice
      tone="pending"
      title="The server alone decides whose keys count"
      className={className}
      action={
        <Link href="/console/settings#enrolment" className="font-medium underline">
          Ask for vouching
        </Link>
      }
    >
      A registration code is enough to make a key count, so whoever takes over the server can pass for anybody who is
      invited and has not registered yet. With vouching, a person compares the key first.
    </Notice>
  );
};

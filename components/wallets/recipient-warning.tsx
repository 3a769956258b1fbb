'use client';

import { LookAlike } from '@/components/activities/look-alike';
import { Notice } from '@/components/ui/notice';
import type { AddressWarning } from '@/lib/client/address-warning';
import { unreachable } from '@/lib/domain/refusal';

/** What to know of a recipient before anything is sent there. */
export const RecipientWarning = ({ warning, address }: { warning: AddressWarning; address: string }) => {
  switch (warning.kind) {
    case 'burn':
      return (
        <Notice tone="bad" title="Nobody holds the key of this address">
          What is sent there is gone for good. Send only what is to be destroyed.
        </Notice>
      );
    case 'checksum':
      return (
        <Notice tone="bad" title="This address is probably mistyped">
          Its upper and lower case letters are a checksum that does not fit. Copy it again from where it comes from.
        </Notice>
      );
    case 'lookAlike':
      return <LookAlike address={address} known={warning.known} />;
    default:
      return unreachable(warning);
  }
};

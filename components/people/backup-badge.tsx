'use client';

import { Cloud, CloudOff } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { Credential } from '@/lib/client/shapes';

type Backup = Credential['backup'];

/** Where copies of a passkey may be; nothing for keys, and for passkeys that never told. */
export const BackupBadge = ({ backup }: { backup: Backup }) => {
  if (!backup) return null;
  if (!backup.isEligible) return <Badge icon={CloudOff}>Hardware-bound</Badge>;
  return <Badge icon={Cloud}>{backup.isBackedUp ? 'Synced' : 'May be synced'}</Badge>;
};

/** Says that copies of a passkey came to be, or were given up, since it was registered. */
export const BackupNote = ({ backup, name }: { backup: Backup; name: string }) =>
  backup?.dateChanged ? (
    <Notice
      tone="pending"
      title={backup.isBackedUp ? `“${name}” was copied to other devices` : `“${name}” is on one device only now`}
    >
      Seen at its use of <Time at={backup.dateChanged} />.{' '}
      {backup.isBackedUp
        ? 'Whoever gets into the account that syncs it can sign with it. If that was not its owner, deactivate it.'
        : 'If the device is lost, so is the passkey.'}
    </Notice>
  ) : null;

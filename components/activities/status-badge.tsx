import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  PenLine,
  Radio,
  RotateCcw,
  Snowflake,
} from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';

const LOOK: Readonly<Record<string, { readonly tone: Tone; readonly icon: LucideIcon; readonly word: string }>> = {
  Pending: { tone: 'pending', icon: Clock, word: 'Pending' },
  Executing: { tone: 'pending', icon: LoaderCircle, word: 'Executing' },
  Broadcasted: { tone: 'pending', icon: Radio, word: 'Broadcasted' },
  Signed: { tone: 'good', icon: PenLine, word: 'Signed' },
  Confirmed: { tone: 'good', icon: CircleCheck, word: 'Confirmed' },
  Approved: { tone: 'good', icon: CircleCheck, word: 'Approved' },
  Applied: { tone: 'good', icon: CircleCheck, word: 'Applied' },
  Active: { tone: 'good', icon: CircleCheck, word: 'Active' },
  Rejected: { tone: 'bad', icon: Ban, word: 'Rejected' },
  Denied: { tone: 'bad', icon: CircleX, word: 'Denied' },
  Failed: { tone: 'bad', icon: CircleX, word: 'Failed' },
  Expired: { tone: 'bad', icon: Clock, word: 'Expired' },
  Frozen: { tone: 'frozen', icon: Snowflake, word: 'Frozen' },
  Archived: { tone: 'neutral', icon: CircleDashed, word: 'Archived' },
  Inactive: { tone: 'neutral', icon: CircleDashed, word: 'Inactive' },
  Reorged: { tone: 'bad', icon: RotateCcw, word: 'Reorged' },
};

/** A status of the dialect as an icon and its own word. */
export const StatusBadge = ({ status }: { status: string }) => {
  const look = LOOK[status];
  return (
    <Badge tone={look?.tone ?? 'neutral'} icon={look?.icon ?? CircleDashed}>
      {look?.word ?? status}
    </Badge>
  );
};

import { Cpu, Server } from 'lucide-react';
import { Person } from '@/components/people/person';

/** Who made an entry: a person, the signers together, or the server, whose entries never loosen anything. */
export const EntryAuthor = ({ by, userId }: { by: 'person' | 'signers' | 'server'; userId: string | null }) => {
  if (userId) return <Person userId={userId} />;
  const [Icon, word] = by === 'signers' ? [Cpu, 'Signers'] : [Server, 'Server'];
  return (
    <span className="inline-flex items-center gap-1.5 text-muted">
      <Icon aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
      {word}
    </span>
  );
};

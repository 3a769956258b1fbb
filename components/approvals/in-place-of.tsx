import { Person } from '@/components/people/person';

/** “ for Bob”, after the name of who sits in Bob’s seat; nothing where the seat is their own. */
export const InPlaceOf = ({ holders }: { holders: readonly string[] }) =>
  holders.length === 0 ? null : (
    <span className="text-muted">
      {' for '}
      {holders.map((userId, at) => (
        <span key={userId}>
          {at > 0 && ' and '}
          <Person userId={userId} />
        </span>
      ))}
    </span>
  );

import { classNames } from '@/components/ui/class-names';

/** A method as a word of fixed width; reading and writing differ in weight as well as in colour. */
export const MethodBadge = ({ method }: { method: string }) => (
  <span
    className={classNames(
      'inline-block w-14 shrink-0 font-mono text-xs',
      method === 'GET' ? 'text-muted' : method === 'DELETE' ? 'font-semibold text-bad' : 'font-semibold text-link',
    )}
  >
    {method}
  </span>
);

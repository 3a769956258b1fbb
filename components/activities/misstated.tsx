import { Notice } from '@/components/ui/notice';
import type { Difference } from '@/lib/verifying/difference';

/** The server's words and the ledger entry say different things: nothing of it may be signed. */
export const Misstated = ({ differences }: { differences: readonly Difference[] }) => (
  <Notice tone="bad" title="The server describes this request wrongly. Don’t approve it.">
    <p>
      This browser read the request from its ledger entry, and it says something else than the server. Nothing can be
      signed here. Tell another administrator and your operator what differs:
    </p>
    <ul className="mt-2 space-y-1">
      {differences.map((one) => (
        <li key={one.what}>
          <span className="font-medium text-ink">{one.what}</span>
          <span className="block break-all font-mono text-xs">in the entry: {one.shown}</span>
          <span className="block break-all font-mono text-xs">the server says: {one.asked}</span>
        </li>
      ))}
    </ul>
  </Notice>
);

import { Notice } from '@/components/ui/notice';
import type { SignerNode } from '@/lib/client/shapes';

const names = (nodes: readonly SignerNode[]): string =>
  `${nodes.length === 1 ? 'Signer' : 'Signers'} ${nodes.map((node) => node.node).join(', ')}`;

/** What an operator has to look at: forks, lost stores, failed self-tests, entries that hold nothing. */
export const SignerAlarms = ({ nodes }: { nodes: readonly SignerNode[] }) => {
  const stopped = nodes.filter((node) => node.stopped);
  const quarantined = nodes.filter((node) => node.quarantined);
  const untested = nodes.filter((node) => node.connected && !node.selfTest);
  const withVoids = nodes.filter((node) => (node.counts['voidEntries'] ?? 0) > 0);
  const voids = Math.max(0, ...withVoids.map((node) => node.counts['voidEntries'] ?? 0));
  return (
    <>
      {stopped.length > 0 && (
        <Notice tone="bad" title={`${names(stopped)} stopped following this ledger`}>
          {stopped.map((node) => (
            <p key={node.node}>
              Signer {node.node}: {node.stopReason ?? 'it gave no reason'}
            </p>
          ))}
          <p>They sign nothing for this organisation. Keep their stores as evidence and ask your operator.</p>
        </Notice>
      )}
      {quarantined.length > 0 && (
        <Notice tone="bad" title={`${names(quarantined)} in quarantine`}>
          The store is older than the other nodes remember. It signs nothing until an operator decides.
        </Notice>
      )}
      {untested.length > 0 && (
        <Notice tone="pending" title={`${names(untested)} has not passed its self-test`}>
          It is connected and does not take part until it has.
        </Notice>
      )}
      {voids > 0 && (
        <Notice tone="bad" title={voids === 1 ? '1 void entry in the ledger' : `${voids} void entries in the ledger`}>
          {names(withVoids)} found a signature, statement or permission that does not hold. Such an entry changes
          nothing; that it is there means somebody tried, or the server is faulty. The log of the signer names it.
        </Notice>
      )}
    </>
  );
};

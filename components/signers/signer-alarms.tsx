import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { LedgerAlarm, SignerNode } from '@/lib/client/shapes';

const names = (nodes: readonly SignerNode[]): string =>
  `${nodes.length === 1 ? 'Signer' : 'Signers'} ${nodes.map((node) => node.node).join(', ')}`;

const Evidence = ({ alarm }: { alarm: LedgerAlarm }) => (
  <details>
    <summary>
      Signer {alarm.node}: {alarm.message} ({alarm.code}, <Time at={alarm.at} />)
    </summary>
    <pre className="thin-scroll mt-1 max-h-64 overflow-auto text-xs">{JSON.stringify(alarm.evidence, null, 2)}</pre>
  </details>
);

/** What an operator has to look at: forks, lost stores, failed self-tests, entries that hold nothing. */
export const SignerAlarms = ({ nodes, alarms }: { nodes: readonly SignerNode[]; alarms: readonly LedgerAlarm[] }) => {
  const stopped = nodes.filter((node) => node.stopped);
  const quarantined = nodes.filter((node) => node.quarantined);
  const frozen = nodes.filter((node) => node.frozen);
  const untested = nodes.filter((node) => node.connected && !node.selfTest);
  const withVoids = nodes.filter((node) => (node.counts['voidEntries'] ?? 0) > 0);
  const voids = Math.max(0, ...withVoids.map((node) => node.counts['voidEntries'] ?? 0));
  const forks = alarms.filter((alarm) => alarm.code !== 'signer.release_missing');
  const missing = alarms.filter((alarm) => alarm.code === 'signer.release_missing');
  return (
    <>
      {forks.length > 0 && (
        <Notice tone="bad" title="Signers hold evidence about this ledger">
          {forks.map((alarm) => (
            <Evidence key={`${alarm.node} ${alarm.code} ${alarm.subject}`} alarm={alarm} />
          ))}
        </Notice>
      )}
      {missing.length > 0 && (
        <Notice tone="bad" title="A signature exists that this ledger lacks">
          {missing.map((alarm) => (
            <Evidence key={`${alarm.node} ${alarm.subject}`} alarm={alarm} />
          ))}
        </Notice>
      )}
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
      {frozen.length > 0 && (
        <Notice tone="frozen" title={`${names(frozen)} frozen on its own machine`}>
          It signs nothing for this organisation. Nobody lifts that from here: whoever runs the machine does, with{' '}
          <code>npm run signer -- unfreeze</code>.
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

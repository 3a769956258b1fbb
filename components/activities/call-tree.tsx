'use client';

import { CircleHelp, CornerDownRight, TriangleAlert } from 'lucide-react';
import { Amount } from '@/components/ui/amount';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copyable';
import { Disclosure } from '@/components/ui/disclosure';
import { FactsList, fact } from '@/components/ui/facts-list';
import type { AskedCall } from '@/lib/client/asked-call';
import { type ShownCall, useCallTree } from '@/lib/client/call-tree';
import { findNetwork } from '@/lib/contract/networks';
import { Address } from './address';

const SHOWN = 140;

/** A value of an argument: addresses by their names, long bytes cut with the whole to copy. */
const Argument = ({ type, value }: { type: string; value: string }) =>
  type === 'address' ? (
    <Address address={value} full />
  ) : (
    <span className="inline-flex min-w-0 max-w-full items-start gap-1">
      <span className="tabular break-all font-mono text-xs leading-5">
        {value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}
      </span>
      {value.length > SHOWN && <CopyButton value={value} label="argument" />}
    </span>
  );

const titleOf = ({ kind, called, selector, data }: ShownCall): string =>
  kind === 'create'
    ? 'Create a contract'
    : called
      ? called.name
      : selector
        ? `Unknown function ${selector}`
        : data === '0x'
          ? 'Send'
          : 'Unknown bytes';

const Node = ({ node, network }: { node: ShownCall; network: string }) => {
  const native = findNetwork(network)?.native;
  const holdsCalls = node.calls.length > 0;
  return (
    <div className="space-y-2">
      <p className="font-medium">
        {node.kind === 'delegatecall' && <span className="text-bad">Delegated: </span>}
        <span className="break-all font-mono text-xs">{titleOf(node)}</span>
      </p>
      <FactsList
        rows={[
          fact(node.kind === 'delegatecall' ? 'Code of' : 'At', node.to && <Address address={node.to} full />),
          fact(
            'Value',
            node.value !== '0' && (
              <Amount base={node.value} decimals={native?.decimals ?? null} symbol={native?.symbol} />
            ),
          ),
          ...(node.called?.arguments ?? []).map(({ name, type, value }) =>
            fact(
              name,
              holdsCalls && /bytes|tuple/.test(type) ? (
                <span className="text-muted">{node.calls.length === 1 ? 'the call below' : 'the calls below'}</span>
              ) : (
                <Argument type={type} value={value} />
              ),
            ),
          ),
        ].filter(({ value }) => value !== false)}
      />
      {node.isUnknown && (
        <p className="flex items-start gap-1.5 rounded-sm bg-pending-wash px-1.5 py-0.5 text-pending text-xs">
          <CircleHelp aria-hidden className="mt-0.5 size-3 shrink-0" />
          This function is not known here: the bytes do not say what it does.
        </p>
      )}
      {node.dangers.map((danger) => (
        <p key={danger} className="flex items-start gap-1.5 rounded-sm bg-bad-wash px-1.5 py-0.5 text-bad text-xs">
          <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {danger}
        </p>
      ))}
      {node.isCut && <p className="text-pending text-xs">It holds more calls than are read here. See the raw bytes.</p>}
      {holdsCalls && (
        <ol className="space-y-3">
          {node.calls.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: calls have no identity but their place
            <li key={at} className="flex gap-2">
              <CornerDownRight aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
              <div className="min-w-0 flex-1 border-l pl-3">
                <Node node={one} network={network} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
};

/** A call, and the calls inside of it, decoded here from the bytes of the request. */
export const CallTree = ({ call, network }: { call: AskedCall; network: string }) => {
  const root = useCallTree(call);
  return (
    <div className="space-y-2">
      <Node node={root} network={network} />
      <Disclosure title={`Raw bytes (${(call.data.length - 2) / 2})`}>
        <CodeBlock text={call.data} label="raw bytes" />
      </Disclosure>
      <p className="text-muted text-xs">
        Names come from the first four bytes. A contract may do anything under a known name; whose it is, its address
        says.
      </p>
    </div>
  );
};

import { Ban, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { CsvButton } from '@/components/ui/csv-button';
import { Section } from '@/components/ui/section';
import { Tooltip } from '@/components/ui/tooltip';
import type { SignerNode } from '@/lib/client/shapes';
import { pairProgress } from './pair-progress';

type Pair = SignerNode['pairs'][number];

const LOOK = {
  ready: { icon: CircleCheck, colour: 'text-good', word: 'ready' },
  running: { icon: LoaderCircle, colour: 'text-pending', word: 'being set up' },
  missing: { icon: CircleDashed, colour: 'text-faint', word: 'not begun' },
} as const;

const isKnownState = (state: string): state is keyof typeof LOOK => state in LOOK;

/** Anything else than the known states is why the node excluded its peer. */
const lookOf = (pair: Pair | undefined) => {
  if (!pair) return LOOK.missing;
  return isKnownState(pair.state) ? LOOK[pair.state] : { icon: Ban, colour: 'text-bad', word: pair.state };
};

const Cell = ({ pair }: { pair: Pair | undefined }) => {
  const { icon: Icon, colour, word } = lookOf(pair);
  const prepared = pair?.epochs.length ?? 0;
  return (
    <Tooltip
      content={
        prepared > 0
          ? `${word}: ${prepared} prepared, epoch ${pair?.epochs[0]} next, ${pair?.highest} the highest so far`
          : word
      }
    >
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
        {word}
        {prepared > 1 && <span className="tabular text-faint text-xs">×{prepared}</span>}
      </span>
    </Tooltip>
  );
};

/** Every two nodes set something up once before they can sign together: which ones have. */
export const PairSetUps = ({ nodes }: { nodes: readonly SignerNode[] }) => {
  const { ready, all } = pairProgress(nodes);
  return (
    <Section
      title="Pair set-ups"
      flush
      aside={
        <span className="flex items-center gap-2">
          <span className="tabular text-muted text-xs">
            {ready} of {all} ready
          </span>
          <CsvButton
            name="pair-set-ups"
            headings={['Node', 'Peer', 'State', 'Prepared', 'Next epoch', 'Highest epoch']}
            rows={() =>
              nodes.flatMap((node) =>
                node.pairs.map((pair) => [
                  String(node.node),
                  String(pair.peer),
                  lookOf(pair).word,
                  String(pair.epochs.length),
                  String(pair.epochs[0] ?? ''),
                  String(pair.highest),
                ]),
              )
            }
          />
        </span>
      }
    >
      <div className="thin-scroll overflow-x-auto">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-left text-muted text-xs">
              <th scope="col" className="h-8 px-4 font-normal">
                Node
              </th>
              {nodes.map((peer) => (
                <th key={peer.node} scope="col" className="h-8 whitespace-nowrap px-4 font-normal">
                  with {peer.node}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.node} className="border-b last:border-b-0">
                <th scope="row" className="h-10 whitespace-nowrap px-4 text-left font-medium">
                  Signer {node.node}
                </th>
                {nodes.map((peer) => (
                  <td key={peer.node} className="px-4">
                    {peer.node === node.node ? (
                      <span className="text-faint">–</span>
                    ) : (
                      <Cell pair={node.pairs.find((pair) => pair.peer === peer.node)} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
};

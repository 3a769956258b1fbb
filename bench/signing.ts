import { generateKey, setUpPairs, signingMachines, simulate } from '@/lib/mpc/simulation';
import { type Figure, median } from './figure';
import type { BenchStage } from './stage';

const SIGNATURES = 25;

/**
 * Signatures by the running nodes: the ceremony (first ACCEPT asked for → signature) as the coordinator times it, and what request,
 * ledger and checkpoint take around it. Beside it the same protocol among the same number of parties in one process.
 */
export const benchSigning = async ({ running, payer }: BenchStage): Promise<Figure[]> => {
  const requests: number[] = [];
  const seen = ceremonies(running.output()).length;
  for (let i = 0; i < SIGNATURES; i += 1) {
    const started = performance.now();
    const body = { kind: 'Hash' as const, hash: `0x${(i + 1).toString(16).padStart(64, '0')}` };
    const { status } = await payer.admin.client.wallets.generateSignature({ walletId: payer.walletId, body });
    if (status !== 'Signed') throw new Error(`A signature is ${status}.`);
    requests.push(performance.now() - started);
  }
  const times = ceremonies(running.output()).slice(seen);
  if (times.length < SIGNATURES) throw new Error(`Only ${times.length} ceremonies were timed.`);
  const alone = inOneProcess();
  return [
    { name: 'signature 3-of-4 in one process, median', value: alone, unit: 'ms' },
    {
      name: 'signature 3-of-4 through the relay, ACCEPT → signature, median',
      value: median(times),
      unit: 'ms',
      target: 250,
    },
    { name: 'the same, beside one process', value: median(times) / alone, unit: '×', target: 2.5 },
    { name: 'request, ledger and checkpoint around it, median', value: median(requests) - median(times), unit: 'ms' },
  ];
};

const ceremonies = (output: string): number[] =>
  [...output.matchAll(/Signed\..*?ceremonyMs=(\d+)/g)].map((match) => Number(match[1]));

const inOneProcess = (): number => {
  const pairs = setUpPairs([1, 2, 3], 'bench');
  const key = generateKey(3, [1, 2, 3, 4], 'bench 3-of-4');
  return median(
    Array.from({ length: SIGNATURES }, (_, run) => {
      const machines = signingMachines(key, pairs, [1, 2, 3], `bench ${run}`);
      const started = performance.now();
      simulate(machines);
      return performance.now() - started;
    }),
  );
};

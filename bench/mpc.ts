import {
  dkgMachines,
  generateKey,
  type PairBook,
  pairMachines,
  setUpPairs,
  signingMachines,
  simulate,
} from '@/lib/mpc/simulation';

/** Prints medians of the ceremonies, all parties in one process on one thread: divide by the parties for one node. */
const main = (): void => {
  const parties = [1, 2, 3, 4];
  report('pair set-up, both parties', 3, 2, (run) => simulate(pairMachines(1, 2, `bench ${run}`)));
  report('key generation 3-of-4', 9, 4, (run) => simulate(dkgMachines(3, parties, `bench ${run}`)));
  const pairs: PairBook = setUpPairs([1, 2, 3], 'bench');
  const two = generateKey(2, [1, 2, 3], 'bench 2-of-3');
  report('signing 2-of-3', 25, 2, (run) => simulate(signingMachines(two, pairs, [1, 2], `bench 2 ${run}`)));
  const three = generateKey(3, parties, 'bench 3-of-4');
  report('signing 3-of-4', 25, 3, (run) => simulate(signingMachines(three, pairs, [1, 2, 3], `bench 3 ${run}`)));
};

const report = (name: string, runs: number, parties: number, run: (index: number) => unknown): void => {
  const times = Array.from({ length: runs }, (_, index) => {
    const started = performance.now();
    run(index);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const median = times[runs >> 1] ?? 0;
  const [fastest = 0] = times;
  const figures = [median, median / parties, fastest].map((ms) => ms.toFixed(1).padStart(8));
  console.log(`${name.padEnd(28)} median ${figures[0]} ms, per party ${figures[1]} ms, fastest ${figures[2]} ms`);
};

main();

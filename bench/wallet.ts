import { type Figure, median } from './figure';
import type { BenchStage } from './stage';

const WALLETS = 5;

/** Request for a wallet → answer with its address, pair set-ups done: the stage's own wallet was made before. */
export const benchWallet = async ({ payer }: BenchStage): Promise<Figure[]> => {
  const times: number[] = [];
  for (let i = 0; i < WALLETS; i += 1) {
    const started = performance.now();
    await payer.admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } });
    times.push((performance.now() - started) / 1000);
  }
  return [
    { name: 'wallet creation, median', value: median(times), unit: 's', target: 2 },
    { name: 'wallet creation, slowest', value: Math.max(...times), unit: 's' },
  ];
};

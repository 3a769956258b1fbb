import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { builtVerifier } from '@/lib/compose/verify-build';
import { evidenceOf } from '@/lib/evidence/activity-evidence/testing/golden';
import { activityIdOf, createWorld } from '@/lib/ledger/testing/world';
import { type Figure, median } from './figure';

const PAYMENTS = 197;
const RUNS = 9;
const ROOT = path.resolve(import.meta.dirname, '..');

/** Evidence of the last of many payments from one wallet: five entries each, one of them with the wallet's signature. */
export const manyPayments = (): { readonly bytes: Uint8Array; readonly entries: number } => {
  const world = createWorld({ adminKey: softwareKey('P-256') });
  const walletId = world.wallet();
  let last = '';
  for (let nonce = 0; nonce < PAYMENTS; nonce += 1) {
    world.wait(200);
    last = activityIdOf(world.transfer(walletId));
    world.reserve(last, { nonce });
    world.checkpoint();
    world.release(last);
    world.append('broadcast', { activityId: last, status: 'Broadcasted' });
  }
  world.checkpoint();
  return { bytes: evidenceOf(world, last), entries: world.items.length };
};

/** The command as it is typed, from its start to its verdict; npm's own start is not counted. */
export const benchVerify = async (print: (line: string) => void): Promise<Figure[]> => {
  print('ledger: npm run verify …');
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-verify-'));
  try {
    const { bytes, entries } = manyPayments();
    const file = path.join(directory, 'evidence.json');
    fs.writeFileSync(file, bytes);
    await builtVerifier(ROOT);
    const times = Array.from({ length: RUNS }, () => {
      const started = performance.now();
      const { status, stdout } = spawnSync(process.execPath, ['workers/commands/verify.cjs', file], { cwd: ROOT });
      if (status !== 0) throw new Error(String(stdout));
      return performance.now() - started;
    });
    return [
      {
        name: `npm run verify, ${entries} entries with ${PAYMENTS} wallet signatures`,
        value: median(times) / 1000,
        unit: 's',
        target: 1,
      },
    ];
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
};

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ChildSpec } from '@/lib/compose/child';
import { ConfigurationError } from '@/lib/compose/process';

/** The local chain answers as this network. */
export const LOCAL_CHAIN_ID = 11_155_111;
export const LOCAL_NETWORK = 'EthereumSepolia';

/**
 * Describes the local chain: one block a second, final after one slot. Its state is written every few seconds and at the end, so a
 * restart goes on with the same chain.
 */
export const anvilSpec = (input: { dataDir: string; port: number }): ChildSpec => {
  const state = prepareState(path.join(input.dataDir, 'anvil'));
  const args = ['--host', '127.0.0.1', '--port', String(input.port), '--chain-id', String(LOCAL_CHAIN_ID), '--quiet'];
  args.push('--block-time', '1', '--slots-in-an-epoch', '1', '--state', state, '--state-interval', '10');
  return {
    name: 'anvil',
    command: anvilBinary(),
    args,
    env: { NODE_ENV: 'production', PATH: process.env.PATH, HOME: path.dirname(state) },
    readiness: () => hasRightChain(`http://127.0.0.1:${input.port}`),
  };
};

const hasRightChain = async (url: string): Promise<boolean> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    signal: AbortSignal.timeout(2000),
  });
  const answer: unknown = await response.json();
  return JSON.stringify(answer).includes(`0x${LOCAL_CHAIN_ID.toString(16)}`);
};

/** A chain killed while it wrote its state would not start again: keep the last state that can be read. */
const prepareState = (dir: string): string => {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const state = path.join(dir, 'state.json');
  const lastGood = path.join(dir, 'state.last-good.json');
  if (isJson(state)) fs.copyFileSync(state, lastGood);
  else if (isJson(lastGood)) fs.copyFileSync(lastGood, state);
  else fs.rmSync(state, { force: true });
  return state;
};

const isJson = (file: string): boolean => {
  try {
    JSON.parse(fs.readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
};

const anvilBinary = (): string => {
  const platform = process.platform === 'win32' ? 'win32' : process.platform;
  const name = `@foundry-rs/anvil-${platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const dir = path.dirname(require.resolve(`${name}/package.json`));
    return path.join(dir, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch (cause) {
    throw new ConfigurationError(
      `There is no local chain for this platform (${name}); set ANVIL=0 and RPC_URL_${LOCAL_NETWORK}.`,
      { cause },
    );
  }
};

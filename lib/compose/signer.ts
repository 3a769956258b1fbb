import path from 'node:path';
import { ConfigurationError, type ProcessContext, type RunningProcess } from '@/lib/compose/process';
import { isEnabledNetwork } from '@/lib/contract/networks';
import { NO_GENESIS } from '@/lib/env';
import { readRunFile } from '@/lib/run-file';
import { startSignerNode } from '@/lib/signer/node';
import { StoreLockedError } from '@/lib/signer/store';
import { LEDGER_PORTS } from './ledger-ports';
import { standApart } from './signer-apart';

/**
 * One signer node: its own directory under DATA_DIR, no inbound port, no shared database.
 * @throws {ConfigurationError} without SIGNER, in production without GENESIS or beside another node, or when its directory is in use.
 */
export const startSigner = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const { signer, profile } = env;
  if (signer === undefined) throw new ConfigurationError('SIGNER is not set: say which node this is, 1 to SIGNERS.');
  if (profile === 'production' && env.genesis.length === 0) {
    throw new ConfigurationError(
      'GENESIS is not set: in production a signer accepts only the organisations whose genesis hashes it lists. Before the first one is founded say GENESIS=none.',
    );
  }
  const letGo = profile === 'production' ? standApart(env) : () => {};
  let fail = (_error: unknown): void => {};
  const finished = new Promise<void>((_, reject) => {
    fail = reject;
  });
  finished.catch(() => {}); // the frame hears of it too
  try {
    const node = startSignerNode({
      node: signer,
      k: env.threshold,
      n: env.signers,
      directory: path.join(env.dataDir, `signer-${signer}`),
      genesis: profile === 'single-machine' ? 'any' : env.genesis.filter((hash) => hash !== NO_GENESIS),
      region: env.region,
      relayUrl: () => env.relayUrl ?? readRunFile(env.dataDir).relayUrl ?? null,
      ports: {
        ...LEDGER_PORTS,
        // A stolen server can't turn the operator's switch: each node has its own.
        signsOn: (network) => isEnabledNetwork(network, env.mainnet),
      },
      log: (level, message, fields) => log[level](fields, message),
      onFatal: fail,
    });
    if (node.certificate.region !== env.region)
      log.warn(
        { certificate: node.certificate.region, region: env.region },
        'REGION differs from the region in the certificate of this node. `signer -- enrol --renew` makes one that says the new region.',
      );
    const stop = async () => {
      node.close();
      letGo();
    };
    return { stop, finished };
  } catch (error) {
    letGo();
    if (error instanceof StoreLockedError) throw new ConfigurationError(error.message);
    throw error;
  }
};

import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type Genesis, genesisFingerprint, genesisHash, type NodeCertificate } from '@/lib/ledger/genesis';

/** What this node was configured with; a genesis that says otherwise is not followed. */
export type NodeConfiguration = {
  readonly node: number;
  readonly k: number;
  readonly n: number;
  readonly certificate: NodeCertificate;
  /** Hashes of accepted geneses, or `any` on a single machine. */
  readonly genesis: readonly string[] | 'any';
};

/** Whether this node, as it is configured, takes that genesis as the root of an organisation's trust. */
export const acceptableGenesis = (
  body: Uint8Array,
  orgId: string,
  configuration: NodeConfiguration,
): Outcome<Genesis> => {
  const no = (message: string) => refused(409, 'signer.genesis_refused', message);
  let genesis: Genesis;
  try {
    genesis = JSON.parse(new TextDecoder().decode(body)) as Genesis;
    if (genesis.orgId !== orgId) return no('The genesis is of another organisation.');
    const hash = genesisHash(genesis);
    if (configuration.genesis !== 'any' && !configuration.genesis.includes(hash))
      return no(
        `Genesis ${genesisFingerprint(hash)} was offered and is not listed in GENESIS. Compare the fingerprint with the organisation's administrators over a second channel; to accept it add ${hash} to GENESIS and start this node again.`,
      );
    if (genesis.k !== configuration.k || genesis.n !== configuration.n) {
      return no(
        `The genesis is for ${genesis.k} of ${genesis.n} nodes; this node is configured for ${configuration.k} of ${configuration.n}.`,
      );
    }
  } catch {
    return no('The first entry is no genesis.');
  }
  return accepted(genesis);
};

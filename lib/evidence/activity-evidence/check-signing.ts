import type { LedgerPorts } from '@/lib/ledger/ports';
import type { ActivityRecord } from '@/lib/ledger/records';
import { all, find } from '@/lib/ledger/state';
import { coins, sayList } from './says';
import type { Told } from './told';
import type { Trail, Witnessed } from './trail';
import { type Check, failed, held } from './verdict';

type Reader = { readonly trail: Trail; readonly activity: ActivityRecord; readonly told: Told };

/** `Nodes 1, 2 and 3 of 4 (3 are needed)`. */
export const sayNodes = (trail: Trail, { nodeSignatures }: Witnessed): string => {
  const genesis = all(trail.replica.state, 'org')[0]?.genesis;
  return `nodes ${sayList(nodeSignatures.map(({ node }) => node).sort())} of ${genesis?.n} (${genesis?.k} are needed)`;
};

const reservationCheck = ({ trail, activity }: Reader): Check => {
  const { pin, release } = activity;
  const digest = release?.digest ?? activity.reservation?.digest ?? '';
  const reserved = trail.reserved.get(digest);
  if (!pin || !reserved) return failed('reservation', 'Nothing was reserved for what was signed.');
  const what =
    'nonce' in pin
      ? `nonce ${pin.nonce} of ${pin.sender} on ${pin.chain}; decoded here, the bytes do just what was asked and nothing else`
      : 'the digest itself; it is the one of what was asked';
  return held('reservation', `The bytes were reserved before anybody signed (entry ${reserved.seq}): ${what}.`);
};

const signedChecks = ({ trail, activity, told }: Reader, ports: LedgerPorts): Check[] => {
  const { state } = trail.replica;
  const release = activity.release;
  const key = find(state, 'key', activity.keyId);
  if (!release || !key?.publicKey) return [];
  const sanction = trail.sanctions.get(release.digest);
  const genesis = all(state, 'org')[0]?.genesis;
  const wallet = activity.walletId ? find(state, 'wallet', activity.walletId) : undefined;
  return [
    sanction
      ? held(
          'witnessed',
          `Request, votes and reserved bytes were logged before they were signed: ${sayNodes(trail, sanction.checkpoint)} signed the checkpoint over entries 0 to ${sanction.checkpoint.seq} that covers them.`,
        )
      : failed(
          'witnessed',
          `No checkpoint before the signature lets these bytes be signed${trail.lastRefusal ? `: ${trail.lastRefusal.message}` : '.'}`,
        ),
    held(
      'judged',
      'The check that every signer makes before it signs, made again here at that checkpoint, lets these bytes be signed.',
    ),
    held(
      'key',
      `All ${genesis?.n} nodes confirmed the key ${key.id} they made together${wallet?.address ? `; its address on ${wallet.network} is ${wallet.address}` : ''}.`,
    ),
    ports.verifyEcdsa(key.publicKey, release.digest, release.signature)
      ? held('signature', `The signature verifies under that key over the digest of these bytes, ${release.digest}.`)
      : failed('signature', 'The signature does not verify under the key.'),
    transactionCheck(activity, told),
  ];
};

const transactionCheck = ({ kind, chain }: ActivityRecord, told: Told): Check => {
  const transaction = told.transaction as { readonly hash: string } | null;
  if (!transaction) return failed('transaction', 'Bytes and signature do not make a transaction of the wallet.');
  if (kind === 'Signature') return held('transaction', 'The encoded signature is this one.');
  if (chain?.txHash && chain.txHash !== transaction.hash)
    return failed(
      'transaction',
      `The signed transaction has the hash ${transaction.hash}, but the server’s receipt is of ${chain.txHash}.`,
    );
  return held(
    'transaction',
    `The signed transaction is these bytes with this signature; its hash is ${transaction.hash}.`,
  );
};

/** How the bytes came to be signed; of something that was not signed, what became of it. */
export const signingChecks = (reader: Reader, ports: LedgerPorts): Check[] => {
  const { activity } = reader;
  if (activity.release) return [reservationCheck(reader), ...signedChecks(reader, ports)];
  return activity.reservation ? [reservationCheck(reader)] : [];
};

/** What the server says became of the transaction. */
export const sayReceipt = ({ chain, network }: ActivityRecord, walletNetwork: string | undefined): string | null => {
  if (!chain) return null;
  const block = chain.blockNumber === undefined ? '' : ` in block ${chain.blockNumber}`;
  const fee = chain.fee === undefined ? '' : `, fee ${coins(walletNetwork ?? network ?? '', chain.fee)}`;
  return `${chain.status}${block}${fee}${chain.reason ? ` (${chain.reason})` : ''}`;
};

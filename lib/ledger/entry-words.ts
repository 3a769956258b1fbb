import type { Statement } from '@/lib/authentication/statement';
import { EVM_NETWORKS } from '@/lib/chain/evm/networks';
import { matchOperation } from '@/lib/contract/table';
import { trimEndOf } from '@/lib/domain/trim-end';
import type { Leaf } from './entry';

/** An entry in words. `by` says who made it where no person did. */
export type EntryWords = {
  /** `METHOD /path` as it was signed, or the kind of the entry. */
  readonly action: string;
  readonly summary: string;
  readonly userId: string | null;
  readonly by: 'person' | 'signers' | 'server';
};

type Named = {
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The network the statement's context names. */
  readonly network?: string;
};

const said = (value: unknown): string => (typeof value === 'string' && value !== '' ? ` “${value.slice(0, 100)}”` : '');

const EVM_DECIMALS = 18;

/** Amount and asset of a transfer; whole coins where the network's own is sent, base units otherwise. */
const amountOf = ({ body, network = '' }: Named): string => {
  const amount = typeof body.amount === 'string' && /^\d{1,78}$/.test(body.amount) ? body.amount : null;
  const symbol = EVM_NETWORKS.get(network)?.symbol;
  if (body.kind === 'Native' && symbol && amount) {
    const digits = amount.padStart(EVM_DECIMALS + 1, '0');
    const fraction = trimEndOf(digits.slice(-EVM_DECIMALS), '0');
    return `${digits.slice(0, -EVM_DECIMALS)}${fraction && `.${fraction}`} ${symbol}`;
  }
  return `${amount ? `${amount} base units` : 'an unknown amount'} of ${body.contract ?? body.kind ?? 'an unknown asset'}`;
};

const ruleWords = (body: Named['body']): string[] => [
  ...(body.hardwareBoundOnly === true ? ['hardware-bound passkeys only'] : []),
  ...(typeof body.reauthenticateMinutes === 'number'
    ? [`its holder verified within ${body.reauthenticateMinutes} minutes`]
    : []),
];

const tagsOf = ({ remove }: Named['body']): string =>
  Array.isArray(remove) ? remove.slice(0, 10).join(', ').slice(0, 300) : 'unknown ones';

/** What somebody asked for, by operation. An operation without words here is named by its path. */
const OPERATION_WORDS: Readonly<Record<string, (named: Named) => string>> = {
  'auth.createUser': () => 'Invited a person',
  'auth.updateUser': ({ params, body }) =>
    `${body.isSSORequired ? 'Required' : 'No longer required'} single sign-on of ${params.userId}`,
  'auth.activateUser': ({ params }) => `Activated ${params.userId}`,
  'auth.deactivateUser': ({ params }) => `Deactivated ${params.userId}`,
  'auth.archiveUser': ({ params }) => `Removed ${params.userId}`,
  'auth.createServiceAccount': ({ body }) => `Created the service account${said(body.name)}`,
  'auth.updateServiceAccount': ({ params, body }) =>
    `Changed the service account ${params.serviceAccountId}${body.name === undefined ? '' : ` to${said(body.name)}`}`,
  'auth.activateServiceAccount': ({ params }) => `Activated the service account ${params.serviceAccountId}`,
  'auth.deactivateServiceAccount': ({ params }) => `Deactivated the service account ${params.serviceAccountId}`,
  'auth.archiveServiceAccount': ({ params }) => `Removed the service account ${params.serviceAccountId}`,
  'auth.createPersonalAccessToken': ({ body }) => `Created the personal access token${said(body.name)}`,
  'auth.updatePersonalAccessToken': ({ params, body }) =>
    `Changed the personal access token ${params.tokenId}${body.name === undefined ? '' : ` to${said(body.name)}`}`,
  'auth.activatePersonalAccessToken': ({ params }) => `Activated the personal access token ${params.tokenId}`,
  'auth.deactivatePersonalAccessToken': ({ params }) => `Deactivated the personal access token ${params.tokenId}`,
  'auth.archivePersonalAccessToken': ({ params }) => `Removed the personal access token ${params.tokenId}`,
  'auth.createDelegatedRegistrationChallenge': () => 'Began the registration of an end user',
  'auth.delegatedLogin': () => 'Signed an end user in',
  'auth.createCredential': ({ body }) => `Added a credential${said(body.credentialName)}`,
  'auth.createCredentialCode': () => 'Allowed a further credential by code',
  'auth.createDelegatedRecoveryChallenge': () => 'Began the recovery of an account for its owner',
  'auth.activateCredential': ({ body }) => `Activated a credential${said(body.credentialUuid)}`,
  'auth.deactivateCredential': ({ body }) => `Deactivated a credential${said(body.credentialUuid)}`,
  'x.vouchUser': ({ params }) => `Vouched for the key of ${params.userId}`,
  'permissions.createPermission': ({ body }) => `Created the role${said(body.name)}`,
  'permissions.updatePermission': ({ params }) => `Changed the role ${params.permissionId}`,
  'permissions.archivePermission': ({ params }) => `Archived the role ${params.permissionId}`,
  'x.setRoleRules': ({ params, body }) =>
    `Set rules of the role ${params.permissionId}: ${ruleWords(body).join(', ') || 'none'}`,
  'permissions.createAssignment': ({ params, body }) => `Gave the role ${params.permissionId} to ${body.identityId}`,
  'permissions.deleteAssignment': ({ params }) => `Took the role ${params.permissionId} away (${params.assignmentId})`,
  'policies.createPolicy': ({ body }) => `Created the policy${said(body.name)}`,
  'policies.updatePolicy': ({ params }) => `Changed the policy ${params.policyId}`,
  'policies.archivePolicy': ({ params }) => `Archived the policy ${params.policyId}`,
  'policies.createApprovalDecision': ({ params, body }) =>
    `${body.value === 'Approved' ? 'Approved' : 'Rejected'} ${params.approvalId}${body.value === 'Approved' ? '' : `:${said(body.reason) || ' no reason given'}`}`,
  'keys.createKey': ({ body }) => `Created the key${said(body.name)}`,
  'keys.updateKey': ({ params }) => `Renamed the key ${params.keyId}`,
  'keys.delegateKey': ({ params, body }) => `Handed the key ${params.keyId} to the end user ${body.delegateTo}`,
  'keys.generateSignature': ({ params }) => `Asked for a signature of ${params.keyId}`,
  'wallets.createWallet': ({ body }) => `Created the wallet${said(body.name)} on ${body.network}`,
  'wallets.delegateWallet': ({ params, body }) => `Handed the wallet ${params.walletId} to the end user ${body.userId}`,
  'wallets.updateWallet': ({ params }) => `Renamed the wallet ${params.walletId}`,
  'wallets.tagWallet': ({ params }) => `Tagged the wallet ${params.walletId}`,
  'wallets.untagWallet': ({ params }) => `Took tags from the wallet ${params.walletId}`,
  'wallets.transferAsset': (named) =>
    `Asked to send ${amountOf(named)} from ${named.params.walletId} to ${named.body.to}`,
  'wallets.broadcastTransaction': ({ params }) => `Asked for a transaction of ${params.walletId}`,
  'wallets.generateSignature': ({ params }) => `Asked for a signature of ${params.walletId}`,
  'wallets.cancelTransfer': ({ params }) => `Cancelled the transfer ${params.transferId}`,
  'wallets.cancelTransaction': ({ params }) => `Cancelled the transaction ${params.transactionId}`,
  'wallets.speedUpTransfer': ({ params }) => `Sped up the transfer ${params.transferId}`,
  'wallets.speedUpTransaction': ({ params }) => `Sped up the transaction ${params.transactionId}`,
  'wallets.abortTransfer': ({ params }) => `Took back the transfer ${params.transferId}`,
  'wallets.abortTransaction': ({ params }) => `Took back the transaction ${params.transactionId}`,
  'x.abortActivity': ({ params }) => `Took back the request ${params.activityId}`,
  'x.cancelChangeRequest': ({ params }) => `Took back the change ${params.changeRequestId}`,
  'x.recreateTransfer': (named) =>
    `Asked again, in place of ${named.params.transferId}, to send ${amountOf(named)} from ${named.params.walletId} to ${named.body.to}`,
  'x.recreateTransaction': ({ params }) =>
    `Asked again, in place of ${params.transactionId}, for a transaction of ${params.walletId}`,
  'x.recreateSignature': ({ params }) =>
    `Asked again, in place of ${params.signatureId}, for a signature of ${params.walletId}`,
  'x.createDelegation': ({ body }) =>
    `Handed their seats in approvals over to ${body.toUserId} until ${String(body.until)}`,
  'x.revokeDelegation': ({ params }) => `Revoked the delegation ${params.delegationId}`,
  'x.freeze': ({ body }) => `Froze ${body.walletId ?? 'the organisation'}`,
  'x.unfreeze': ({ body }) => `Asked to unfreeze ${body.walletId ?? 'the organisation'}`,
  'x.requireVouching': () => 'Asked that new keys count only once somebody vouches for them',
  'x.changeSettings': ({ body }) =>
    `Asked for other settings: ${body.strict === true ? 'strict' : 'not strict'}, passkeys from ${Array.isArray(body.origins) ? body.origins.slice(0, 20).join(', ').slice(0, 300) : 'unknown origins'}`,
  'x.createTagChange': ({ body }) => `Asked to take tags from the wallet ${body.walletId}: ${tagsOf(body)}`,
  'x.replaceCertificate': ({ params, body }) =>
    body.kind === 'Replacement'
      ? `Asked to replace signer ${params.node}, whose store is lost`
      : `Asked to renew the certificate of signer ${params.node}`,
};

const SIGNERS_WORDS = 'The signers';

const nonceOf = (body: Named['body']): string => {
  const { pin } = body;
  return typeof pin === 'object' && pin !== null && 'nonce' in pin ? `nonce ${String(pin.nonce)}` : 'its digest';
};

/** What signers or server wrote, by kind. */
const KIND_WORDS: Readonly<Record<Exclude<Leaf['kind'], 'userAction'>, (body: Named['body']) => string>> = {
  genesis: () => 'Founded the organisation',
  registration: () => 'Registered a first credential',
  credentialByCode: (body) => `Added a credential by code${said(body.credentialName)}`,
  recovery: () => 'Recovered an account with a recovery key: former credentials and tokens ended',
  keyCertificate: (body) => `${SIGNERS_WORDS} made the key ${body.keyId}`,
  reserve: (body) => `Bound ${body.activityId} to ${nonceOf(body)}`,
  release: (body) => `${SIGNERS_WORDS} signed ${body.activityId}`,
  abandon: (body) => `${SIGNERS_WORDS} gave up ${body.activityId}`,
  expiry: (body) => `${body.approvalId ?? body.activityId} expired`,
  reopen: (body) => `${body.activityId} needs approval again`,
  reject: (body) => `${body.activityId} was blocked`,
  broadcast: (body) => `${body.activityId} on the chain: ${[body.status, body.subStatus].filter(Boolean).join(', ')}`,
  screening: (body) => `${body.activityId} was screened again`,
  incoming: (body) =>
    `Saw ${amountOf({ params: {}, body: { kind: body.contract ? 'Erc20' : 'Native', ...body }, ...(typeof body.network === 'string' ? { network: body.network } : {}) })} come in to ${body.walletId} from ${body.from}`,
  checkpoint: (body) => `${SIGNERS_WORDS} witnessed entries 0 to ${body.seq}`,
};

const objectOf = (bytes: Uint8Array): Named['body'] => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Named['body']) : {};
  } catch {
    return {};
  }
};

const networkOf = ({ context }: Statement): Pick<Named, 'network'> =>
  typeof context.network === 'string' ? { network: context.network } : {};

/** What the signers make together; the others of the kinds without a person are the server's, and never loosen anything. */
const OF_SIGNERS: readonly Leaf['kind'][] = ['keyCertificate', 'release', 'abandon', 'checkpoint'];

/** What a person's own new credential proves, without a statement. */
const OF_PERSONS: readonly Leaf['kind'][] = ['registration', 'credentialByCode', 'recovery'];

/** Says in words what an entry records: a reading of its own bytes and of nothing else. @param body Its exact bytes. */
export const wordsOfEntry = (leaf: Leaf, body: Uint8Array): EntryWords => {
  const { statement } = leaf;
  if (leaf.kind === 'userAction') {
    if (!statement)
      return { action: 'userAction', summary: 'A request without a statement', userId: null, by: 'server' };
    const match = matchOperation(statement.method, statement.path.split('?')[0] ?? '');
    const action = `${statement.method} ${statement.path}`;
    const known = match && 'operation' in match ? match : null;
    const words = known && OPERATION_WORDS[known.operation.id];
    const summary =
      known && words ? words({ params: known.params, body: objectOf(body), ...networkOf(statement) }) : action;
    return { action, summary, userId: statement.userId, by: 'person' };
  }
  const summary = KIND_WORDS[leaf.kind]?.(objectOf(body)) ?? leaf.kind;
  const userId = OF_PERSONS.includes(leaf.kind) && typeof leaf.effects.userId === 'string' ? leaf.effects.userId : null;
  const by = userId ? 'person' : OF_SIGNERS.includes(leaf.kind) ? 'signers' : 'server';
  return { action: leaf.kind, summary, userId, by };
};

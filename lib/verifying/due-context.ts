import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import type { StatementContext } from '@/lib/authentication/statement';
import { chainRulesFor } from '@/lib/chain/rules';
import { parseJson } from '@/lib/contract/json';
import { utf8ToBytes } from '@/lib/domain/hash';
import { trimEndOf } from '@/lib/domain/trim-end';
import type { NodeCertificate } from '@/lib/ledger/genesis';
import { feeCeilingOf } from '@/lib/ledger/intent';
import { certificateHash } from '@/lib/ledger/nodes';
import { assignmentVersion } from '@/lib/ledger/version';
import type { Call } from './call';
import { checkActivity } from './check-request';
import type { Difference } from './difference';
import { type Read, readIfAllowed } from './read';
import { readDecision } from './read-decision';
import type {
  ActivityDetail,
  Approval,
  Assignment,
  Credential,
  Organisation,
  Permission,
  Policy,
  SignerNode,
  Wallet,
} from './shapes';
import { shownPermissionVersion, shownPolicyVersion, shownSettingsVersion } from './versions';

/** What a statement's context must hold, and which members this client can't tell for itself; or what is wrong already. */
export type DueContext =
  | { readonly ok: true; readonly context: StatementContext; readonly open: readonly string[] }
  | { readonly ok: false; readonly differences: readonly Difference[] };

type Input = {
  readonly call: Call;
  readonly known: { readonly orgId: string; readonly genesis: string };
  /** The context that the server offers: open members are taken from it where another one is computed from them. */
  readonly offered: StatementContext;
  readonly read: Read;
  /** The approval as the caller was shown it, for a decision. */
  readonly shown?: Approval;
  /** Of keys that the caller may activate, as the devices show them on which they lie. */
  readonly fingerprints?: readonly string[];
};

const due = (context: StatementContext, open: readonly string[] = []): DueContext => ({ ok: true, context, open });
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown })[name] : undefined;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The body as API and signers read it, or null when they could not. */
const bodyOf = ({ operation, body }: Call): unknown => {
  const parsed = parseJson(utf8ToBytes(body));
  if (!parsed.ok) return null;
  const shaped = operation.body?.safeParse(parsed.value);
  return shaped ? (shaped.success ? shaped.data : null) : parsed.value;
};

const walletContext = async ({ call, offered, read }: Input, body: unknown): Promise<DueContext> => {
  const walletId = call.params.walletId ?? '';
  const wallet = await readIfAllowed<Wallet>(read, 'wallets.getWallet', { params: { walletId } });
  const network = wallet ? wallet.network : text(offered.network);
  const address = wallet ? wallet.address : text(offered.address);
  if (!network) return due({ walletId }, ['network', 'address']);
  const sender = { network, ...(address && { address }) };
  const feeCeiling = feeCeilingOf(call.operation.id, sender, body, chainRulesFor);
  const own = { walletId, ...(feeCeiling !== null && { feeCeiling }) };
  return wallet ? due({ ...own, ...sender }) : due(own, ['network', 'address']);
};

/** A speed-up is bound to the digest of the request whose call it repeats, read here, and may pay what that may. */
const speedUpContext = async ({ call, known, offered, read }: Input): Promise<DueContext> => {
  const walletId = call.params.walletId ?? '';
  const targetId = call.params.transferId ?? call.params.transactionId ?? '';
  const target = await readIfAllowed<ActivityDetail>(read, 'x.getActivity', { params: { activityId: targetId } });
  if (!target) return due({ walletId }, ['network', 'address', 'feeCeiling', 'activityId', 'activityDigest']);
  if (target.id !== targetId)
    return { ok: false, differences: [{ what: 'request', shown: targetId, asked: String(target.id) }] };
  const checked = checkActivity(target, known);
  if (!checked.ok) return checked;
  const { facts, repeats, network } = checked.value;
  const address = text(checked.entry.statement.context.address) ?? text(offered.address);
  return due({
    walletId,
    ...(network && { network }),
    ...(address && { address }),
    ...(facts.feeCeiling !== null && { feeCeiling: facts.feeCeiling }),
    activityId: repeats?.id ?? targetId,
    activityDigest: repeats?.digest ?? checked.digest,
  });
};

const replaces = (version: string | null | undefined): DueContext =>
  version ? due({ replaces: version }) : due({}, ['replaces']);

const policyContext = async ({ call, read }: Input): Promise<DueContext> => {
  const policy = await readIfAllowed<Policy>(read, 'policies.getPolicy', {
    params: { policyId: call.params.policyId ?? '' },
  });
  return replaces(policy && shownPolicyVersion(policy));
};

const permissionContext = async ({ call, read }: Input): Promise<DueContext> => {
  const permission = await readIfAllowed<Permission>(read, 'permissions.getPermission', {
    params: { permissionId: call.params.permissionId ?? '' },
  });
  return replaces(permission && shownPermissionVersion(permission));
};

const assignmentContext = async ({ call, read }: Input): Promise<DueContext> => {
  const { permissionId = '', assignmentId } = call.params;
  let paginationToken: string | undefined;
  do {
    const page = await readIfAllowed<{ readonly items: readonly Assignment[]; readonly nextPageToken?: string }>(
      read,
      'permissions.listAssignments',
      { params: { permissionId }, query: { paginationToken } },
    );
    const found = page?.items.find((item) => item.id === assignmentId);
    if (found) return replaces(assignmentVersion(found));
    paginationToken = page?.nextPageToken;
  } while (paginationToken);
  return replaces(null);
};

/** Base64 is compared without its padding, which people leave out. */
const bare = (fingerprint: string): string => trimEndOf(fingerprint.replace(/\s+/g, ''), '=');

/**
 * The key that becomes the caller's, as their own list has it. SECURITY: the server writes that list, and could have answered a credential
 * code with a key of its own: what counts is the fingerprint that the caller has from the device on which the key lies.
 */
const activationContext = async ({ read, fingerprints = [] }: Input, body: unknown): Promise<DueContext> => {
  const own = await readIfAllowed<{ readonly items: readonly Credential[] }>(read, 'auth.listCredentials', {});
  const publicKey = own?.items.find((item) => item.credentialUuid === member(body, 'credentialUuid'))?.publicKey;
  if (!publicKey) return due({});
  const asked = keyFingerprint(publicKey);
  if (asked !== '' && fingerprints.some((expected) => bare(expected) === asked)) return due({ publicKey });
  const shown = fingerprints.length > 0 ? fingerprints.join(' or ') : 'none was given: name those you expect';
  return { ok: false, differences: [{ what: 'fingerprint of the key', shown, asked: asked || 'no key' }] };
};

const certificateContext = async ({ call, read }: Input, body: unknown): Promise<DueContext> => {
  const certificate = certificateHash(member(body, 'certificate') as NodeCertificate);
  const signers = await readIfAllowed<{ readonly items: readonly SignerNode[] }>(read, 'x.listSigners', {});
  const replaced = signers?.items.find(({ node }) => String(node) === call.params.node);
  return replaced
    ? due({ certificate, replaces: certificateHash(replaced.certificate) })
    : due({ certificate }, ['replaces']);
};

const settingsContext = async ({ read }: Input): Promise<DueContext> => {
  const organisation = await readIfAllowed<Organisation>(read, 'x.getOrganisation', {});
  return replaces(organisation && shownSettingsVersion(organisation));
};

const decisionDue = async ({ call, known, read, shown }: Input): Promise<DueContext> => {
  const decision = await readDecision(call.params.approvalId ?? '', known, read, shown);
  return decision.ok ? due(decision.value.context, decision.value.open) : decision;
};

/**
 * The context that a call's statement must hold (design §4.1), computed by the client from the call itself and from what it reads:
 * for a decision from the ledger entry, for a request on a wallet from the network's rules, for a change from what is replaced.
 */
export const dueContext = async (input: Input): Promise<DueContext> => {
  const { call } = input;
  const body = bodyOf(call);
  // A body that can't be read is refused by the server; its statement then holds an empty context.
  if (body === null) return due({});
  switch (call.operation.id) {
    case 'policies.createApprovalDecision':
      return decisionDue(input);
    case 'wallets.transferAsset':
    case 'wallets.broadcastTransaction':
    case 'wallets.generateSignature':
    case 'wallets.cancelTransfer':
    case 'wallets.cancelTransaction':
    case 'x.recreateTransfer':
    case 'x.recreateTransaction':
    case 'x.recreateSignature':
      return walletContext(input, body);
    case 'wallets.speedUpTransfer':
    case 'wallets.speedUpTransaction':
      return speedUpContext(input);
    case 'keys.generateSignature': {
      const network = text(member(body, 'network'));
      return due({ keyId: call.params.keyId ?? '', ...(network && { network }) });
    }
    case 'policies.updatePolicy':
    case 'policies.archivePolicy':
      return policyContext(input);
    case 'permissions.updatePermission':
    case 'permissions.archivePermission':
    case 'x.setRoleRules':
      return permissionContext(input);
    case 'permissions.deleteAssignment':
      return assignmentContext(input);
    case 'auth.createServiceAccount':
    case 'auth.createPersonalAccessToken': {
      const publicKey = text(member(body, 'publicKey'));
      return due(publicKey ? { publicKey } : {});
    }
    case 'auth.createCredential': {
      const publicKey = text(member(member(body, 'credentialInfo'), 'attestationData'));
      return due(publicKey ? { publicKey } : {});
    }
    case 'auth.activateCredential':
      return activationContext(input, body);
    case 'x.changeSettings':
      return settingsContext(input);
    case 'x.replaceCertificate':
      return certificateContext(input, body);
    default:
      return due({});
  }
};

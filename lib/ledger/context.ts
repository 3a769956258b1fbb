import type { StatementContext } from '@/lib/authentication/statement';
import type { ChainRulesFor } from '@/lib/chain/adapter';
import { chainRulesFor } from '@/lib/chain/rules';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { NodeCertificate } from './genesis';
import { feeCeilingOf } from './intent';
import { certificateHash, certificatesInForce } from './nodes';
import { settingsOf, settingsVersion } from './org-settings';
import { all, find, type OrgState } from './state';
import { assignmentVersion } from './version';

type ContextRequest = {
  readonly operationId: string;
  readonly params: { readonly [name: string]: string };
  readonly body: unknown;
  /** Whose request it is. */
  readonly userId: string;
};

const unknown = () => refused(404, 'ledger.context_unknown', 'The subject of the request is unknown.');

const member = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as { [key: string]: unknown })[name] : undefined;

/** The version in force of each policy that asked; an archived one says so. */
const policyVersions = (state: OrgState, policyIds: readonly string[]): { [policyId: string]: string } =>
  Object.fromEntries(
    [...new Set(policyIds)].sort().map((id) => {
      const policy = find(state, 'policy', id);
      return [id, policy?.status === 'Active' ? policy.version : 'archived'];
    }),
  );

const decisionContext = (state: OrgState, approvalId: string): Outcome<StatementContext> => {
  const approval = find(state, 'approval', approvalId);
  if (!approval) return unknown();
  const subject = find(state, approval.subject.kind === 'Activity' ? 'activity' : 'changeRequest', approval.subject.id);
  if (!subject) return unknown();
  return accepted({
    activityId: subject.id,
    activityDigest: subject.digest,
    // Every request that asks approvers has one; no client computes an empty digest.
    rendering: subject.rendering ?? '',
    policyVersions: policyVersions(
      state,
      approval.groups.map((group) => group.policyId),
    ),
  });
};

const walletContext = (state: OrgState, request: ContextRequest, rules: ChainRulesFor): Outcome<StatementContext> => {
  const wallet = find(state, 'wallet', request.params.walletId ?? '');
  if (wallet?.status !== 'Active') return unknown();
  const feeCeiling = feeCeilingOf(request.operationId, wallet, request.body, rules);
  return accepted({
    walletId: wallet.id,
    network: wallet.network,
    ...(wallet.address ? { address: wallet.address } : {}),
    ...(feeCeiling === null ? {} : { feeCeiling }),
  });
};

/** A speed-up is bound to the very request whose call it repeats, and pays no more than that may. */
const speedUpContext = (state: OrgState, { params }: ContextRequest): Outcome<StatementContext> => {
  const wallet = find(state, 'wallet', params.walletId ?? '');
  const target = find(state, 'activity', params.transferId ?? params.transactionId ?? '');
  const original = find(state, 'activity', target?.speedsUp?.activityId ?? target?.id ?? '');
  if (wallet?.status !== 'Active' || original?.walletId !== wallet.id) return unknown();
  const { feeCeiling } = original.facts;
  return accepted({
    walletId: wallet.id,
    network: wallet.network,
    ...(wallet.address ? { address: wallet.address } : {}),
    ...(feeCeiling === null ? {} : { feeCeiling }),
    activityId: original.id,
    activityDigest: original.digest,
  });
};

const keyContext = (state: OrgState, request: ContextRequest): Outcome<StatementContext> => {
  const key = find(state, 'key', request.params.keyId ?? '');
  if (key?.status !== 'Active') return unknown();
  const network = member(request.body, 'network');
  return accepted({ keyId: key.id, ...(typeof network === 'string' ? { network } : {}) });
};

const replaces = (version: string | undefined): Outcome<StatementContext> =>
  version ? accepted({ replaces: version }) : unknown();

const certificateContext = (state: OrgState, { params, body }: ContextRequest): Outcome<StatementContext> => {
  const replaced = certificatesInForce(state).find(({ node }) => String(node) === params.node);
  const certificate = member(body, 'certificate');
  if (!replaced || typeof certificate !== 'object' || certificate === null) return unknown();
  return accepted({
    certificate: certificateHash(certificate as NodeCertificate),
    replaces: certificateHash(replaced),
  });
};

/**
 * The context due for a request at this state (design §4.1). Not ok means the subject is unknown: the server then puts `{}`
 * into the statement, and the request ends in the refusal its handler gives.
 */
export const contextFor = (
  state: OrgState,
  request: ContextRequest,
  rules: ChainRulesFor = chainRulesFor,
): Outcome<StatementContext> => {
  const { operationId, params, body } = request;
  switch (operationId) {
    case 'policies.createApprovalDecision':
      return decisionContext(state, params.approvalId ?? '');
    case 'wallets.transferAsset':
    case 'wallets.broadcastTransaction':
    case 'wallets.generateSignature':
    case 'wallets.cancelTransfer':
    case 'wallets.cancelTransaction':
    case 'x.recreateTransfer':
    case 'x.recreateTransaction':
    case 'x.recreateSignature':
      return walletContext(state, request, rules);
    case 'wallets.speedUpTransfer':
    case 'wallets.speedUpTransaction':
      return speedUpContext(state, request);
    case 'keys.generateSignature':
      return keyContext(state, request);
    case 'policies.updatePolicy':
    case 'policies.archivePolicy':
      return replaces(find(state, 'policy', params.policyId ?? '')?.version);
    case 'permissions.updatePermission':
    case 'permissions.archivePermission':
    case 'x.setRoleRules':
      return replaces(find(state, 'permission', params.permissionId ?? '')?.version);
    case 'permissions.deleteAssignment': {
      const assignment = find(state, 'assignment', params.assignmentId ?? '');
      return assignment && !assignment.isRevoked ? replaces(assignmentVersion(assignment)) : unknown();
    }
    case 'auth.createServiceAccount':
    case 'auth.createPersonalAccessToken': {
      const publicKey = member(body, 'publicKey');
      return typeof publicKey === 'string' ? accepted({ publicKey }) : unknown();
    }
    case 'auth.createCredential': {
      const attestation = member(member(body, 'credentialInfo'), 'attestationData');
      return typeof attestation === 'string' ? accepted({ publicKey: attestation }) : unknown();
    }
    case 'auth.activateCredential': {
      const credential = find(state, 'credential', String(member(body, 'credentialUuid')));
      return credential?.userId === request.userId && credential.tokenId === undefined
        ? accepted({ publicKey: credential.publicKey })
        : unknown();
    }
    case 'x.changeSettings': {
      const org = all(state, 'org')[0];
      return replaces(org && settingsVersion(settingsOf(org)));
    }
    case 'x.replaceCertificate':
      return certificateContext(state, request);
    default:
      return accepted({});
  }
};

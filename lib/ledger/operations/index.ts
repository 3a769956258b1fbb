import type { LedgerOperation } from '../decision';
import { broadcastTransaction, keySignature, transferAsset, walletSignature } from './activities';
import { cancelTransaction, cancelTransfer } from './cancels';
import { activateCredential, createCredential, createCredentialCode, deactivateCredential } from './credentials';
import { createApprovalDecision } from './decisions';
import { delegateKey, delegateWallet } from './delegation';
import { loginEndUser, registerEndUser } from './end-users';
import { requireVouching } from './enrolment';
import { freeze, unfreeze } from './freeze';
import { replaceCertificate } from './node-certificates';
import { changeSettings } from './org-settings';
import {
  archivePermission,
  createAssignment,
  createPermission,
  deleteAssignment,
  updatePermission,
} from './permissions';
import { archivePolicy, createPolicy, updatePolicy } from './policies';
import { createDelegatedRecoveryChallenge } from './recovery';
import { recreateSignature, recreateTransaction, recreateTransfer } from './recreations';
import { setRoleRules } from './role-rules';
import { createDelegation, revokeDelegation } from './seat-delegations';
import {
  activateServiceAccount,
  archiveServiceAccount,
  createServiceAccount,
  deactivateServiceAccount,
  updateServiceAccount,
} from './service-accounts';
import { speedUpTransaction, speedUpTransfer } from './speed-ups';
import { createTagChange, tagWallet, untagWallet } from './tags';
import {
  activatePersonalAccessToken,
  archivePersonalAccessToken,
  createPersonalAccessToken,
  deactivatePersonalAccessToken,
  updatePersonalAccessToken,
} from './tokens';
import { activateUser, archiveUser, createUser, deactivateUser, updateUser, vouchUser } from './users';
import { createKey, createWallet, updateKey, updateWallet } from './wallets';
import { abortActivity, abortTransaction, abortTransfer, cancelChangeRequest } from './withdrawals';

/** Every operation that changes the ledger's state, by its id in the contract table. CI checks that none is missing. */
export const OPERATION_HANDLERS: ReadonlyMap<string, LedgerOperation> = new Map(
  [
    createUser,
    updateUser,
    activateUser,
    deactivateUser,
    archiveUser,
    vouchUser,
    createCredential,
    activateCredential,
    deactivateCredential,
    createCredentialCode,
    createDelegatedRecoveryChallenge,
    createServiceAccount,
    updateServiceAccount,
    activateServiceAccount,
    deactivateServiceAccount,
    archiveServiceAccount,
    createPersonalAccessToken,
    updatePersonalAccessToken,
    activatePersonalAccessToken,
    deactivatePersonalAccessToken,
    archivePersonalAccessToken,
    registerEndUser,
    loginEndUser,
    createPermission,
    updatePermission,
    archivePermission,
    setRoleRules,
    createAssignment,
    deleteAssignment,
    createPolicy,
    updatePolicy,
    archivePolicy,
    createApprovalDecision,
    createKey,
    createWallet,
    delegateKey,
    delegateWallet,
    updateKey,
    updateWallet,
    createTagChange,
    tagWallet,
    untagWallet,
    transferAsset,
    broadcastTransaction,
    walletSignature,
    keySignature,
    cancelTransfer,
    cancelTransaction,
    speedUpTransfer,
    speedUpTransaction,
    abortTransfer,
    abortTransaction,
    abortActivity,
    cancelChangeRequest,
    recreateTransfer,
    recreateTransaction,
    recreateSignature,
    createDelegation,
    revokeDelegation,
    freeze,
    unfreeze,
    requireVouching,
    changeSettings,
    replaceCertificate,
  ].map((operation) => [operation.operationId, operation]),
);

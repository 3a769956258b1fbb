import { refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { asJson, governanceLane, type LedgerOperation, makeId, type OperationInput } from '../decision';
import type { NodeCertificate } from '../genesis';
import { decideGoverned } from '../governed';
import { certificateHash, certificateProofHash, nodeStandings } from '../nodes';
import { all } from '../state';

/** `Renewal` keeps the node's store and its shares; `Replacement` says that the store is lost. */
export type CertificateBody = {
  readonly kind: 'Renewal' | 'Replacement';
  readonly certificate: NodeCertificate;
  /** Ed25519 signature by the new identity key, hex: see `certificateProofHash`. */
  readonly proof: string;
};

/** Puts another certificate of a node in force, governed like a change of a policy (design §4.3). The genesis stays as it is. */
export const replaceCertificate: LedgerOperation = {
  operationId: 'x.replaceCertificate',
  lane: governanceLane,
  effects: (input) => ({ changeRequestId: makeId('changeRequest', input), approvalId: makeId('approval', input) }),
  decide: (input: OperationInput<CertificateBody>) => {
    const { kind, certificate, proof } = input.body;
    const org = all(input.state, 'org')[0];
    const replaced = org && nodeStandings(org).find((node) => String(node.certificate.node) === input.params.node);
    if (!org || !replaced) return notFound('node', 'node', input.params.node ?? '');
    if (certificate.node !== replaced.certificate.node)
      return refused(400, 'node.other_number', `The certificate is of node ${certificate.node}.`);
    if (!input.ports.verifyEd25519(certificate.signingKey, certificateProofHash(certificate), proof))
      return refused(
        400,
        'node.proof',
        'The proof is not by the identity key of the certificate. Copy the whole line that the node printed.',
      );
    return decideGoverned(input, {
      activity: { kind: 'Policies:Modify', subject: {} },
      kind: 'NodeCertificate',
      operationKind: 'Update',
      entityId: String(certificate.node),
      replaces: certificateHash(replaced.certificate),
      body: asJson({ kind, certificate, replaced: replaced.certificate }),
      result: { kind: 'org', id: org.id },
    });
  },
};

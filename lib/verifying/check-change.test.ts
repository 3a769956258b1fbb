import { describe, expect, test } from 'vitest';
import { hashBody, type Statement } from '@/lib/authentication/statement';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { activityDigest, type Leaf } from '@/lib/ledger/entry';
import { certificateHash } from '@/lib/ledger/nodes';
import { replacement, testNode } from '@/lib/ledger/testing/nodes';
import { assignmentVersion, versionOf } from '@/lib/ledger/version';
import { checkChange } from './check-change';
import type { ChangeRequest, ChangeRequestDetail } from './shapes';

const KNOWN = { orgId: 'or-1', genesis: 'aa' };
const DATE = '2026-01-01T00:00:00.000Z';

type Signed = {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly context?: Statement['context'];
};

/** A change request whose entry holds what was signed, and of which the server says `change`. */
const detail = (signed: Signed, change: object): ChangeRequestDetail => {
  const bytes = utf8ToBytes(signed.body === undefined ? '' : JSON.stringify(signed.body));
  const statement: Statement = {
    v: 1,
    orgId: 'or-1',
    genesis: 'aa',
    userId: 'us-1',
    method: signed.method,
    path: signed.path,
    bodyHash: hashBody(bytes),
    serverNonce: 'n',
    expiresAt: 1,
    context: signed.context ?? {},
  };
  const leaf: Leaf = {
    v: 1,
    at: 1,
    kind: 'userAction',
    bodyHash: statement.bodyHash,
    effects: { changeRequestId: 'cr-1', approvalId: 'ap-1' },
    statement,
  };
  return {
    id: 'cr-1',
    digest: activityDigest(leaf),
    entry: { leaf: canonicalJson(leaf as unknown as Json), body: toBase64Url(bytes) },
    evaluations: [],
    groups: [],
    decisions: [],
    timeline: [],
    change: {
      id: 'cr-1',
      approvalId: 'ap-1',
      requester: { userId: 'us-1' },
      status: 'Pending',
      dateCreated: DATE,
      ...change,
    } as ChangeRequest,
  };
};
const differing = (stated: ChangeRequestDetail): readonly string[] => {
  const checked = checkChange(stated, KNOWN);
  return checked.ok ? [] : checked.differences.map((one) => one.what);
};
/** The same entry, of which the server says something else. */
const told = (stated: ChangeRequestDetail, change: object): ChangeRequestDetail => ({
  ...stated,
  change: { ...stated.change, ...change } as ChangeRequest,
});

const definition = {
  name: 'Bob looks',
  activityKind: 'Wallets:Sign',
  rule: { kind: 'TransactionAmountLimit', configuration: { limit: 1000, currency: 'USD' } },
  action: { kind: 'RequestApproval', approvalGroups: [{ quorum: 2, approvers: {} }] },
} as const;

describe('a policy', () => {
  const stated = detail(
    { method: 'PUT', path: '/v2/policies/plc-1', body: definition, context: { replaces: 'ff' } },
    {
      kind: 'Policy',
      operationKind: 'Update',
      entityId: 'plc-1',
      body: { id: 'plc-1', status: 'Active', ...definition },
    },
  );
  const body = { id: 'plc-1', status: 'Active', ...definition };

  test('whose new definition is the signed one has no differences, and its digest is recomputed', () => {
    expect(checkChange(stated, KNOWN)).toMatchObject({ ok: true, digest: stated.digest });
    // Absent filters and empty ones are alike: the ledger keeps neither.
    expect(differing(told(stated, { body: { ...body, filters: {} } }))).toEqual([]);
  });

  test.each([
    ['a lower quorum', { action: { ...definition.action, approvalGroups: [{ quorum: 1, approvers: {} }] } }],
    ['a higher limit', { rule: { kind: 'TransactionAmountLimit', configuration: { limit: 9999, currency: 'USD' } } }],
    ['an action that asks nobody', { action: { kind: 'NoAction' } }],
    ['a filter that lets others through', { filters: { walletId: { in: ['wa-1'] } } }],
    ['another name', { name: 'Bob looks away' }],
  ])('%s than the signed one is named', (_name, change) => {
    expect(differing(told(stated, { body: { ...body, ...change } }))).toEqual(['definition']);
  });

  test('another policy, or archiving shown as an update, is named', () => {
    expect(differing(told(stated, { entityId: 'plc-2' }))).toEqual(['policy']);
    expect(differing(told(stated, { body: { ...body, status: 'Archived' } }))).toEqual(['status']);
  });

  test('that is archived is the one whose version was signed', () => {
    const archived = detail(
      { method: 'DELETE', path: '/v2/policies/plc-1', context: { replaces: versionOf(definition) } },
      { kind: 'Policy', operationKind: 'Update', entityId: 'plc-1', body: { ...body, status: 'Archived' } },
    );
    expect(differing(archived)).toEqual([]);
    expect(differing(told(archived, { body: { ...body, name: 'Harmless', status: 'Archived' } }))).toEqual([
      'policy archived',
    ]);
    expect(differing(told(archived, { body }))).toEqual(['status']);
  });
});

describe('a role', () => {
  const role = {
    id: 'pm-1',
    name: 'Payer',
    status: 'Active',
    operations: ['Wallets:Read'],
    isImmutable: false,
    isArchived: false,
  };
  const stated = detail(
    { method: 'PUT', path: '/permissions/pm-1', body: { operations: ['Wallets:Read'] }, context: { replaces: 'ff' } },
    { kind: 'Permission', operationKind: 'Update', entityId: 'pm-1', body: role },
  );
  test('with the signed operations has no differences', () => {
    expect(differing(stated)).toEqual([]);
  });
  test('another role, or other operations than the signed ones, are named', () => {
    expect(differing(told(stated, { entityId: 'pm-2' }))).toEqual(['role']);
    expect(differing(told(stated, { body: { ...role, operations: [] } }))).toEqual(['operations']);
  });
  test('archiving shown as a rename is named', () => {
    const archived = detail(
      { method: 'PUT', path: '/permissions/pm-1/archive', body: { isArchived: true }, context: { replaces: 'ff' } },
      { kind: 'Permission', operationKind: 'Update', entityId: 'pm-1', body: { ...role, isArchived: true } },
    );
    expect(differing(archived)).toEqual([]);
    expect(differing(told(archived, { body: role }))).toEqual(['isArchived']);
  });
});

describe('an assignment', () => {
  const given = { id: 'as-1', permissionId: 'pm-1', identityId: 'us-2', isImmutable: false };
  const giving = detail(
    { method: 'POST', path: '/permissions/pm-1/assignments', body: { identityId: 'us-2' } },
    { kind: 'Assignment', operationKind: 'Create', entityId: 'as-1', body: given },
  );
  test('given to the signed person has no differences; another person or role is named', () => {
    expect(differing(giving)).toEqual([]);
    expect(differing(told(giving, { body: { ...given, identityId: 'us-3' } }))).toEqual(['person']);
    expect(differing(told(giving, { body: { ...given, permissionId: 'pm-2' } }))).toEqual(['role']);
  });
  test('giving shown as taking away is named', () => {
    expect(differing(told(giving, { operationKind: 'Delete' }))).toEqual(['change']);
  });
  test('taken away is the one whose version was signed', () => {
    const taking = detail(
      { method: 'DELETE', path: '/permissions/pm-1/assignments/as-1', context: { replaces: assignmentVersion(given) } },
      { kind: 'Assignment', operationKind: 'Delete', entityId: 'as-1', body: given },
    );
    expect(differing(taking)).toEqual([]);
    expect(differing(told(taking, { body: { ...given, identityId: 'us-3' } }))).toEqual(['assignment taken away']);
    expect(differing(told(taking, { body: { ...given, id: 'as-2' } }))).toEqual([
      'assignment',
      'assignment taken away',
    ]);
  });
});

describe('an unfreezing', () => {
  const stated = detail(
    { method: 'POST', path: '/x/unfreeze', body: { walletId: 'wa-1' } },
    { kind: 'Freeze', operationKind: 'Delete', entityId: 'wa-1', body: { walletId: 'wa-1' } },
  );
  test('of the signed wallet has no differences; of another one, or of everything, it is named', () => {
    expect(differing(stated)).toEqual([]);
    expect(differing(told(stated, { body: { walletId: 'wa-2' } }))).toEqual(['wallet']);
    expect(differing(told(stated, { body: {} }))).toEqual(['wallet']);
  });
  test('shown as another kind of change is named before its details', () => {
    expect(differing(told(stated, { kind: 'Policy' }))).toEqual(['kind of change']);
  });
});

describe('a step of enrolment', () => {
  const stated = detail(
    { method: 'POST', path: '/x/enrolment', body: { enrolment: 'vouched' } },
    { kind: 'Enrolment', operationKind: 'Update', entityId: 'or-1', body: { enrolment: 'vouched' } },
  );
  test('as signed has no differences; shown as something else it is named', () => {
    expect(differing(stated)).toEqual([]);
    expect(differing(told(stated, { kind: 'Freeze', body: {} }))).toEqual(['kind of change']);
  });
});

describe('a certificate of a signer', () => {
  const certificate = { ...testNode(2, 'new').certificate };
  const replaced = { ...testNode(2, 'world').certificate };
  const stated = detail(
    {
      method: 'POST',
      path: '/x/signers/2/certificate',
      body: replacement(testNode(2, 'new')),
      context: { certificate: certificateHash(certificate), replaces: certificateHash(replaced) },
    },
    {
      kind: 'NodeCertificate',
      operationKind: 'Update',
      entityId: '2',
      body: { kind: 'Replacement', certificate, replaced },
    },
  );
  const other = { ...testNode(2, 'thief').certificate };
  test('as signed has no differences; another key, another one replaced and kept shares are named', () => {
    expect(differing(stated)).toEqual([]);
    const body = { kind: 'Replacement', certificate, replaced };
    expect(differing(told(stated, { body: { ...body, certificate: other } }))).toEqual([
      'certificate',
      'certificate in the statement',
    ]);
    expect(differing(told(stated, { body: { ...body, replaced: other } }))).toEqual(['certificate replaced']);
    expect(differing(told(stated, { body: { ...body, kind: 'Renewal' } }))).toEqual(['kind']);
  });
});

describe('tags taken from a wallet', () => {
  const body = { walletId: 'wa-1', remove: ['hot'] };
  const stated = detail(
    { method: 'POST', path: '/x/tag-changes', body },
    { kind: 'WalletTags', operationKind: 'Delete', entityId: 'wa-1', body },
  );
  test('as signed have no differences; other tags and another wallet are named', () => {
    expect(differing(stated)).toEqual([]);
    expect(differing(told(stated, { body: { ...body, remove: ['hot', 'eu'] } }))).toEqual(['tags']);
    expect(differing(told(stated, { body: { ...body, walletId: 'wa-2' } }))).toEqual(['wallet named']);
    expect(differing(told(stated, { entityId: 'wa-2' }))).toEqual(['wallet', 'wallet named']);
  });
});

describe('any change', () => {
  const stated = detail(
    { method: 'POST', path: '/x/unfreeze', body: {} },
    { kind: 'Freeze', operationKind: 'Delete', entityId: 'or-1', body: {} },
  );
  test('of another id, approval or requester than the entry says is named', () => {
    expect(differing({ ...stated, id: 'cr-2' })).toEqual(['change request']);
    expect(differing(told(stated, { approvalId: 'ap-2' }))).toEqual(['approval']);
    expect(differing(told(stated, { requester: { userId: 'us-2' } }))).toEqual(['requester']);
  });
  test('of another organisation or genesis is refused', () => {
    const checked = checkChange(stated, { orgId: 'or-2', genesis: 'bb' });
    expect(checked.ok ? [] : checked.differences.map((one) => one.what)).toEqual(['organisation', 'genesis']);
  });
  test('without its entry, with another digest or with a swapped body is refused', () => {
    expect(differing({ ...stated, entry: null })).toEqual(['ledger entry']);
    expect(differing({ ...stated, digest: 'ff' })).toEqual(['digest']);
    const swapped = toBase64Url(utf8ToBytes('{"walletId":"wa-1"}'));
    expect(differing({ ...stated, entry: { leaf: stated.entry?.leaf ?? '', body: swapped } })).toEqual(['body']);
  });
  test('of an operation this client does not know is refused', () => {
    const unknown = detail({ method: 'POST', path: '/x/nothing-like-it' }, { kind: 'Freeze', body: {} });
    expect(differing(unknown)).toEqual(['operation']);
  });
});

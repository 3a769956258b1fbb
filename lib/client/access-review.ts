import { toCsv } from '@/lib/domain/csv';
import { read } from './call';
import type { RouteId } from './routes';
import type { Assignment, Page, Permission, ServiceAccount, User } from './shapes';

const pages = async <T>(
  operation: RouteId,
  params: { readonly [name: string]: string } = {},
): Promise<readonly T[]> => {
  const all: T[] = [];
  for (let token: string | undefined, first = true; first || token; first = false) {
    const page: Page<T> = await read<Page<T>>(operation, { params, query: { limit: 200, paginationToken: token } });
    all.push(...page.items);
    token = page.nextPageToken;
  }
  return all;
};

const HEADINGS = ['Identity', 'Name', 'Kind', 'Standing', 'Role', 'Role id', 'Operations', 'Given', 'Assignment id'];

/** What an access review reads: a line for each role somebody holds, and one for each identity that holds none. */
export const accessReviewRows = ({
  roles,
  people,
  accounts,
}: {
  readonly roles: readonly { readonly role: Permission; readonly assignments: readonly Assignment[] }[];
  readonly people: readonly User[];
  readonly accounts: readonly ServiceAccount[];
}): readonly (readonly string[])[] => {
  const identities = [
    ...people.map((one) => ({
      id: one.userId,
      name: one.username,
      kind: 'person',
      standing: !one.isActive ? 'deactivated' : one.isRegistered ? 'active' : 'invited',
    })),
    ...accounts.map(({ userInfo }) => ({
      id: userInfo.userId,
      name: userInfo.name || userInfo.username,
      kind: 'service account',
      standing: userInfo.isActive ? 'active' : 'deactivated',
    })),
  ];
  const known = new Map(identities.map((one) => [one.id, one]));
  const held = roles.flatMap(({ role, assignments }) => assignments.map((assignment) => ({ role, assignment })));
  const holders = new Set(held.map(({ assignment }) => assignment.identityId));
  return [
    ...held.map(({ role, assignment }) => {
      const who = known.get(assignment.identityId);
      return [
        assignment.identityId,
        who?.name ?? '',
        who?.kind ?? 'token or unknown',
        who?.standing ?? '',
        role.name,
        role.id,
        role.operations.join(' '),
        assignment.dateCreated,
        assignment.id,
      ];
    }),
    ...identities
      .filter((one) => !holders.has(one.id))
      .map((one) => [one.id, one.name, one.kind, one.standing, '', '', '', '', '']),
  ];
};

/** Who holds what, as CSV for a review, from the API of this moment. */
export const accessReviewCsv = async (): Promise<string> => {
  const roles = (await pages<Permission>('permissions.listPermissions')).filter((role) => !role.isArchived);
  const [people, accounts, assignments] = await Promise.all([
    pages<User>('auth.listUsers'),
    read<Page<ServiceAccount>>('auth.listServiceAccounts').then((page) => page.items),
    Promise.all(roles.map((role) => pages<Assignment>('permissions.listAssignments', { permissionId: role.id }))),
  ]);
  const rows = accessReviewRows({
    people,
    accounts,
    roles: roles.map((role, at) => ({ role, assignments: assignments[at] ?? [] })),
  });
  return toCsv(HEADINGS, rows);
};

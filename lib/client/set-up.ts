import { post } from './call';

/** What the first administrator registers with; the code is good for one registration. */
export type Founding = { readonly orgId: string; readonly username: string; readonly registrationCode: string };

const KEY = 'countersign.set-up';

const isFounding = (value: unknown): value is Founding =>
  typeof value === 'object' && value !== null && 'orgId' in value && 'username' in value && 'registrationCode' in value;

/** A set-up that was begun in this tab: its link is spent, so a reload must go on from here. */
export const begunSetUp = (): Founding | null => {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isFounding(value) ? value : null;
  } catch {
    return null;
  }
};

/** Makes the organisation with the one-time token of the set-up link. @throws {ClientError} when the link was used. */
export const beginSetUp = async (body: {
  readonly token: string;
  readonly organisation: string;
  readonly username: string;
}): Promise<Founding> => {
  const { orgId, username, registrationCode } = await post<Founding>('x.setUp', body);
  const founding = { orgId, username, registrationCode };
  sessionStorage.setItem(KEY, JSON.stringify(founding));
  return founding;
};

export const endSetUp = () => sessionStorage.removeItem(KEY);

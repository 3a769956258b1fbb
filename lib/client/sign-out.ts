import { post } from './call';

/** Ends the session here; the server revokes it. */
export const signOutHere = async (): Promise<void> => {
  await post('auth.logout', {}).catch(() => undefined);
  const { signOut } = await import('next-auth/react');
  await signOut({ callbackUrl: '/console/sign-in' });
};

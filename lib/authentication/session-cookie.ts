/** Name of the console's cookie; browsers keep a `__Host-` cookie to this very host over HTTPS. */
export const sessionCookieName = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? '__Host-countersign.session' : 'countersign.session';

/** What the cookie holds, sealed: it names the session row, like a bearer token. */
export type SessionCookie = { readonly sid: string; readonly orgId: string; readonly userId: string };

/** Reads one cookie out of a `Cookie` header. */
export const readCookie = (header: string | null, name: string): string | null => {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
};

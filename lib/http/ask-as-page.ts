import type { Hono } from 'hono';
import { readCookie, sessionCookieName } from '@/lib/authentication/session-cookie';
import type { Settings } from './services';

/** Asks the API by path and query. Null for whatever is no success. */
export type AskAsPage = (url: string) => Promise<unknown>;

type Front = { readonly api: Pick<Hono, 'fetch'>; readonly settings: Pick<Settings, 'publicUrl'> };

/**
 * How a page that is drawn here asks the API, within this process, what its reader's browser would ask next: by the same requests, with
 * the cookie that came with the request for the page, so that every check of the front door is made and nothing is read in a second way.
 * @returns null when the request for the page does not prove that its reader asked for it.
 */
export const askingAsPage = (page: Headers, { api, settings: { publicUrl } }: Front): AskAsPage | null => {
  const name = sessionCookieName(publicUrl);
  const cookie = readCookie(page.get('cookie'), name);
  if (!cookie || !isOwnVisit(page)) return null;
  // SECURITY: of the page's request only the cookie goes on, and reading is all that can be done: GET, and no user action.
  const headers = { accept: 'application/json', cookie: `${name}=${cookie}`, 'sec-fetch-site': 'same-origin' };
  return async (url) => {
    const answer = await api.fetch(new Request(new URL(url, publicUrl), { headers }));
    return answer.ok ? answer.json() : null;
  };
};

/**
 * SECURITY: a page holds what its reader may see only when they went to it themself: by an address they typed or kept, or from a page
 * of ours, to be shown by the browser. Not for a frame, a fetch or a link of anybody else, not even of the same site, whose requests
 * carry the cookie too; such a page asks by itself once it runs, as every page could.
 */
const isOwnVisit = (page: Headers): boolean =>
  page.get('sec-fetch-dest') === 'document' && ['none', 'same-origin'].includes(page.get('sec-fetch-site') ?? '');

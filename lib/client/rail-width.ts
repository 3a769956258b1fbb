/** Cookie of how the navigation was left; a cookie, so that the server draws it as it will stay. */
export const RAIL_COOKIE = 'countersign.rail';
export const SLIM = 'slim';

const YEAR_S = 31_536_000;

/** Keeps for this browser whether the navigation is slim. */
export const keepRail = (isSlim: boolean): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${RAIL_COOKIE}=${isSlim ? SLIM : 'wide'}; Path=/console; Max-Age=${YEAR_S}; SameSite=Strict`;
};

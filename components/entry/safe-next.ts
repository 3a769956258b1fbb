/** A page of this console and nothing else: a link must not send people elsewhere after they signed in. The query is of that page. */
const OF_CONSOLE = /^\/console(?:\/[\w\-/]*)?(?:\?[\w\-.~%!$&'()*+,;=:@/?]*)?$/;

/** Where somebody goes who has signed in. @param next As the link to the sign-in names it. */
export const safeNext = (next: string | null): string => (next !== null && OF_CONSOLE.test(next) ? next : '/console');

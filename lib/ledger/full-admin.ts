/** Managed permission of the first admin; every current and future operation (contract §3.3). */
export const FULL_ADMIN_NAME = 'DfnsFullAdminAccess';
/** What it holds in the place of operations. */
export const EVERYTHING = '*';

/** Values that fill a path's `:params` or its query; falsy query values are left out, arrays repeat the key. */
export type Params = Readonly<Record<string, string>>;
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Fills `:params` of an operation's path, each one encoded: the pathname that is requested and signed. */
export const fillPath = (template: string, params: Params = {}): string =>
  template.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name];
    if (!value) throw new RangeError(`The path ${template} needs ${name}.`);
    return encodeURIComponent(value);
  });

/** The query string with its question mark, or an empty text. */
export const queryString = (query: Query = {}): string => {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((item) => item !== undefined && item !== '' && item !== false && item !== 0)
      .map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`),
  );
  return parts.length ? `?${parts.join('&')}` : '';
};

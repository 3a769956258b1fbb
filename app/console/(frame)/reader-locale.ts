import { headers } from 'next/headers';

/** The language that the browser of a page asks for first, or English, in which the console speaks. */
export const readerLocale = async (): Promise<string> => {
  const [first] = ((await headers()).get('accept-language') ?? '').split(/[,;]/);
  try {
    return Intl.getCanonicalLocales(first?.trim())[0] ?? 'en';
  } catch {
    return 'en';
  }
};

import { useState } from 'react';

/**
 * The text of a field that holds something else than text: what was typed for as long as it reads as the value, else the value's own text.
 * So a half-written separator stays, and a value that came from elsewhere shows.
 */
export const useTypedText = <T>(
  value: T,
  read: (text: string) => T,
  write: (value: T) => string,
): { readonly text: string; readonly type: (text: string) => T } => {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed !== null && write(read(typed)) === write(value) ? typed : write(value);
  return {
    text,
    type: (next) => {
      setTyped(next);
      return read(next);
    },
  };
};

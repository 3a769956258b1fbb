const ends = (value: string): string => {
  const plain = value.toLowerCase().replace(/^0x/, '');
  return `${plain.slice(0, 4)}…${plain.slice(-4)}`;
};

/**
 * Finds a known value that begins and ends like this one and is another one: how poisoned addresses are made.
 * Case is ignored, because addresses differ in case only by checksum.
 */
export const findLookAlike = (value: string, known: readonly string[]): string | null =>
  known.find(
    (other) =>
      other.toLowerCase() !== value.toLowerCase() && other.length === value.length && ends(other) === ends(value),
  ) ?? null;

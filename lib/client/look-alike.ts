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

/** A piece of a value, and whether it differs from the other one there. */
export type Piece = { readonly text: string; readonly differs: boolean };

/** A value in pieces that are the same as in another one of its length, and pieces that are not. Case is ignored. */
export const piecesOf = (value: string, other: string): readonly Piece[] => {
  const pieces: { text: string; differs: boolean }[] = [];
  for (const [at, character] of [...value].entries()) {
    const differs = character.toLowerCase() !== other.charAt(at).toLowerCase();
    const last = pieces.at(-1);
    if (last && last.differs === differs) last.text += character;
    else pieces.push({ text: character, differs });
  }
  return pieces;
};

/** The text without the symbols of that kind at its end, in one pass however many there are: a pattern tries each run of them anew. */
export const trimEndOf = (text: string, symbol: string): string => {
  let end = text.length;
  while (end > 0 && text[end - 1] === symbol) end -= 1;
  return text.slice(0, end);
};

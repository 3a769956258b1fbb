/** Remembers what was worked out of an object, as long as the object lives. Sound where neither it nor what is read of it ever changes. */
export const memoOf = <K extends object, V>(workOut: (of: K) => V): ((of: K) => V) => {
  const known = new WeakMap<K, { readonly value: V }>();
  return (of) => {
    const found = known.get(of);
    if (found) return found.value;
    const value = workOut(of);
    known.set(of, { value });
    return value;
  };
};

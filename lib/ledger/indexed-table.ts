/**
 * Records of one kind by id, also found by other members. A Map whose every write keeps the indexes in step: an index beside a plain
 * Map would go stale in a copy, and a stale one would show rights that were taken away.
 */
export class IndexedTable<R extends { readonly id: string }, Name extends string> extends Map<string, R> {
  readonly #keys: Readonly<Record<Name, (record: R) => string>>;
  readonly #indexes: Map<Name, Map<string, Map<string, R>>>;

  /** @param keys For each index the member it finds by; a record's member may change. */
  constructor(keys: Readonly<Record<Name, (record: R) => string>>) {
    super();
    this.#keys = keys;
    this.#indexes = new Map((Object.keys(keys) as Name[]).map((name) => [name, new Map()]));
  }

  /** Records whose member is `key`, in the order in which they first came to be. */
  by(name: Name, key: string): readonly R[] {
    return [...(this.#indexes.get(name)?.get(key)?.values() ?? [])];
  }

  copy(): IndexedTable<R, Name> {
    const copy = new IndexedTable<R, Name>(this.#keys);
    for (const [id, record] of this) copy.set(id, record);
    return copy;
  }

  override set(id: string, record: R): this {
    const before = this.get(id);
    for (const [name, index] of this.#indexes) {
      const key = this.#keys[name](record);
      const old = before && this.#keys[name](before);
      if (old !== undefined && old !== key) index.get(old)?.delete(id);
      const list = index.get(key) ?? new Map<string, R>();
      list.set(id, record);
      index.set(key, list);
    }
    return super.set(id, record);
  }

  override delete(id: string): boolean {
    const before = this.get(id);
    if (before) for (const [name, index] of this.#indexes) index.get(this.#keys[name](before))?.delete(id);
    return super.delete(id);
  }

  override clear(): void {
    for (const index of this.#indexes.values()) index.clear();
    super.clear();
  }
}

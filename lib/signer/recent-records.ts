/** Records a node read or wrote last, of all organisations; the rest lies in its store. */
export type RecentRecords = {
  /** The record, read by `load` when it is not among them. What is absent is not remembered. */
  get<T>(orgId: string, kind: string, id: string, load: () => T | undefined): T | undefined;
  set(orgId: string, kind: string, id: string, record: unknown): void;
  forget(orgId: string): void;
};

/** @param limit How many there are at most. */
export const createRecentRecords = (limit: number): RecentRecords => {
  const records = new Map<string, unknown>();
  const set = (name: string, record: unknown): void => {
    records.delete(name);
    records.set(name, record);
    if (records.size <= limit) return;
    const [oldest] = records.keys();
    if (oldest !== undefined) records.delete(oldest);
  };
  return {
    get: <T>(orgId: string, kind: string, id: string, load: () => T | undefined) => {
      const name = `${orgId} ${kind} ${id}`;
      const record = (records.get(name) as T | undefined) ?? load();
      if (record !== undefined) set(name, record);
      return record;
    },
    set: (orgId, kind, id, record) => set(`${orgId} ${kind} ${id}`, record),
    forget: (orgId) => {
      for (const name of records.keys()) if (name.startsWith(`${orgId} `)) records.delete(name);
    },
  };
};

import pg from 'pg';

export type Listener = {
  /** Calls back with the payload of each notification. Returns the unsubscribe function. */
  on(channel: string, listener: (payload: string) => void): () => void;
  close(): Promise<void>;
};

/** Hears NOTIFY on a connection of its own and reconnects by itself. What is sent meanwhile is lost, so whoever waits polls as well. */
export const createListener = (
  url: string,
  channels: readonly string[],
  onError: (error: Error) => void = () => {},
): Listener => {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  let client: pg.Client | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'countersign-listener' });
    next.on('notification', ({ channel, payload }) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload ?? '');
    });
    const again = (error?: Error) => {
      if (error) onError(error);
      if (client === next) client = null;
      next.removeAllListeners('end');
      if (!closed) {
        clearTimeout(retry);
        retry = setTimeout(() => void connect(), 500);
      }
    };
    next.on('error', again);
    next.on('end', () => again());
    try {
      await next.connect();
      for (const channel of channels) await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      client = next;
      if (closed) await next.end();
    } catch (error) {
      again(error as Error);
    }
  };
  void connect();
  return {
    on: (channel, listener) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return () => set.delete(listener);
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
};

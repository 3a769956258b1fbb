/** Looks again and again until the value is there or the time is over. @returns null at the end of the time. */
export const waitFor = async <T>(
  read: () => Promise<T | null>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T | null> => {
  const end = Date.now() + timeoutMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.5, 150)) {
    const value = await read();
    if (value !== null || Date.now() > end || signal.aborted) return value;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

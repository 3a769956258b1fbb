/** Work that is done again and again until it is stopped. */
export type Rounds = {
  /** Begins the next round at once; one that runs is followed by another. */
  wake(): void;
  /** Resolves when the round that runs has ended. */
  stop(): Promise<void>;
};

/** Starts `work`, and again `pauseMs` after each end of it. A round that fails is told to `onError` and does not end them. */
export const startRounds = (
  pauseMs: number,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): Rounds => {
  let isStopping = false;
  let isWoken = false;
  let endPause = () => {};
  const wake = (): void => {
    isWoken = true;
    endPause();
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!isStopping) {
      isWoken = false;
      await work().catch(onError);
      if (!isWoken) await pause();
    }
  };
  const running = run();
  return {
    wake,
    stop: async () => {
      isStopping = true;
      wake();
      await running;
    },
  };
};

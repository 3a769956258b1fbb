import net from 'node:net';

/**
 * A socket that sends together what is written in one turn of the event loop. Statements that don't wait for one another's answers then
 * reach the database as one packet: one call of the operating system instead of one for each, and the database wakes once.
 */
export const gatheringSocket = (): net.Socket => {
  const socket = new net.Socket();
  let isGathering = false;
  const gather = (): void => {
    if (isGathering) return;
    isGathering = true;
    socket.cork();
    process.nextTick(() => {
      isGathering = false;
      socket.uncork();
    });
  };
  // Not before: `connect` puts the class's own `write` back.
  socket.once('connect', () => {
    const write = socket.write.bind(socket);
    socket.write = (
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      gather();
      return typeof encoding === 'function' ? write(chunk, encoding) : write(chunk, encoding, done);
    };
  });
  return socket;
};

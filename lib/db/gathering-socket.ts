import net from 'node:net';

/**
 * A socket that sends together what is written in one turn of the event loop. Statements that don't wait for one another's answers then
 * reach the database as one packet: one call of the operating system instead of one for each, and the database wakes once.
 */
export class GatheringSocket extends net.Socket {
  #isGathering = false;

  override write(
    chunk: Uint8Array | string,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    return typeof encoding === 'function' ? super.write(chunk, encoding) : super.write(chunk, encoding, done);
  }
}

import WebSocket from 'ws';
import { encodeFrame, MAX_FEED_FRAME_BYTES, parseFrame } from './frames';
import { FromCoordinator, type FromNode } from './messages';

/** A node's end of its one connection. It dials out, and dials again for ever with growing pauses. */
export type RelayClient = { close(): void };

/** What the node does with what arrives. Everything is synchronous: a node decides one thing at a time. */
export type RelayClientPorts = {
  /** URL to dial, looked up before each attempt: a coordinator that was restarted may listen elsewhere. */
  readonly url: () => string | null;
  /** Answers the challenge of a fresh connection. */
  readonly hello: (challenge: string, now: number) => FromNode;
  readonly onOpen: (send: Send) => void;
  readonly onAsk: (ask: Extract<FromCoordinator, { t: 'ask' }>) => void;
  readonly onEnvelope: (bytes: Uint8Array) => void;
  readonly onClosed: () => void;
  readonly log: (message: string, fields: object) => void;
};
export type Send = { readonly message: (message: FromNode) => void; readonly envelope: (bytes: Uint8Array) => void };

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const SILENCE_MS = 20_000;
/** The relay's close code for a hello it does not take. */
const REFUSED = 1008;

export const dialRelay = (ports: RelayClientPorts): RelayClient => {
  let socket: WebSocket | null = null;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let isClosed = false;

  const retry = (): void => {
    if (isClosed) return;
    timer = setTimeout(dial, pauseMs * (0.75 + Math.random() / 2));
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  };

  const dial = (): void => {
    const url = ports.url();
    if (url === null) {
      retry();
      return;
    }
    const current = new WebSocket(url, {
      maxPayload: MAX_FEED_FRAME_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    });
    socket = current;
    let isOpen = false;
    let silence: NodeJS.Timeout | undefined;
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => current.terminate(), SILENCE_MS);
    };
    const send: Send = {
      message: (message) =>
        current.readyState === WebSocket.OPEN && current.send(encodeFrame({ kind: 'control', value: message })),
      envelope: (bytes) =>
        current.readyState === WebSocket.OPEN && current.send(encodeFrame({ kind: 'envelope', bytes })),
    };
    current.on('ping', heard);
    current.on('message', (raw: Buffer) => {
      heard();
      const frame = parseFrame(raw);
      if (frame?.kind === 'envelope') return isOpen ? ports.onEnvelope(frame.bytes) : undefined;
      const message = frame ? FromCoordinator.safeParse(frame.value) : undefined;
      if (!message?.success) return current.terminate();
      if (message.data.t === 'ask') return isOpen ? ports.onAsk(message.data) : undefined;
      if (isOpen) return current.terminate();
      isOpen = true;
      pauseMs = FIRST_PAUSE_MS;
      send.message(ports.hello(message.data.challenge, message.data.now));
      ports.onOpen(send);
    });
    current.on('error', (error) => ports.log('relay not reached', { url, reason: error.message }));
    current.on('close', (code) => {
      if (code === REFUSED)
        ports.log(
          "The relay refused this node: its certificate is not in force, or it was configured for another k or n. `npm run signer -- enrol` prints what the console's page Signers needs to put it in force.",
          { url },
        );
      clearTimeout(silence);
      if (isOpen) ports.onClosed();
      retry();
    });
  };

  dial();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      socket?.terminate();
    },
  };
};

import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { parseEnvelope } from './envelope';
import { encodeFrame, MAX_NODE_FRAME_BYTES, parseFrame } from './frames';
import { verifyEd25519 } from './keys';
import {
  ASKS,
  type AskMethod,
  type AskParams,
  type AskResult,
  FromNode,
  type Hello,
  helloHash,
  type NodeAlarm,
  type Note,
} from './messages';
import { createTokenBucket } from './token-bucket';

export type SignedHello = { readonly challenge: string; readonly hello: Hello; readonly signature: string };

/** The coordinator's end of the node connections: knows who is there, asks questions, passes sealed envelopes on unread. */
export type Relay = {
  readonly url: string;
  /** Node numbers with a verified connection. */
  connected(): readonly number[];
  ask<M extends AskMethod>(
    node: number,
    method: M,
    params: AskParams<M>,
    timeoutMs?: number,
  ): Promise<Outcome<AskResult<M>>>;
  /** From now on envelopes of this ceremony are passed on, among these nodes only. Returns the function that ends it. */
  openCeremony(ceremonyId: string, participants: readonly number[]): () => void;
  /** Average of the last answers' times of a node, milliseconds. */
  latencyMs(node: number): number;
  counts(): { readonly [what: string]: number };
  close(): Promise<void>;
};

export type RelayOptions = {
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly clock: () => number;
  /** Decides whether a node whose signature held may join; false closes the connection. */
  readonly admit: (signed: SignedHello) => Promise<boolean>;
  readonly onConnected: (node: number, signed: SignedHello) => void;
  readonly onGone: (node: number) => void;
  readonly onNote: (node: number, note: Note) => void;
  readonly onAlarm?: (node: number, alarm: NodeAlarm, isCleared: boolean) => void;
  /** Lets a test see, hold back, repeat or alter what passes: what it returns is sent instead. */
  readonly tap?: (bytes: Uint8Array, from: number, to: number) => readonly Uint8Array[];
};

/** Asks whose parameters may be large. */
const LARGE: readonly AskMethod[] = ['feed', 'heartbeat.sign', 'heartbeat.hear'];
const HELLO_TIMEOUT_MS = 10_000;
const PING_MS = 5_000;
const ASK_TIMEOUT_MS = 10_000;
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

type Connection = {
  readonly node: number;
  readonly socket: WebSocket;
  readonly pending: Map<number, (message: FromNode | null) => void>;
  latencyMs: number;
};

export const startRelay = async (options: RelayOptions): Promise<Relay> => {
  const server = new WebSocketServer({
    host: options.host ?? '127.0.0.1',
    port: options.port,
    maxPayload: MAX_NODE_FRAME_BYTES,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const connections = new Map<number, Connection>();
  const ceremonies = new Map<string, readonly number[]>();
  const counts: Record<string, number> = { relayed: 0, droppedEnvelope: 0, refusedHello: 0, overRate: 0 };
  const counted = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  let nextId = 1;

  const relayEnvelope = (from: number, bytes: Uint8Array): void => {
    const envelope = parseEnvelope(bytes);
    const participants = envelope && ceremonies.get(envelope.header.ceremonyId);
    if (!envelope || !participants || envelope.header.from !== from || !participants.includes(from)) {
      counted('droppedEnvelope');
      return;
    }
    const receivers = envelope.header.to === 0 ? participants.filter((node) => node !== from) : [envelope.header.to];
    for (const to of receivers) {
      const socket = participants.includes(to) ? connections.get(to)?.socket : undefined;
      const passed = options.tap ? options.tap(bytes, from, to) : [bytes];
      if (!socket || socket.bufferedAmount > MAX_BUFFERED_BYTES) counted('droppedEnvelope');
      else
        for (const item of passed) {
          socket.send(encodeFrame({ kind: 'envelope', bytes: item }));
          counted('relayed');
        }
    }
  };

  const receive = (connection: Connection, data: Uint8Array): void => {
    const frame = parseFrame(data);
    if (frame?.kind === 'envelope') {
      relayEnvelope(connection.node, frame.bytes);
      return;
    }
    const message = frame?.kind === 'control' ? FromNode.safeParse(frame.value) : undefined;
    if (!message?.success) {
      connection.socket.close(1008, 'malformed');
      return;
    }
    if (message.data.t === 'note') {
      options.onNote(connection.node, message.data.note);
      return;
    }
    if (message.data.t === 'alarm') {
      options.onAlarm?.(connection.node, message.data.alarm, message.data.isCleared);
      return;
    }
    if (message.data.t === 'hello') {
      connection.socket.close(1008, 'second hello');
      return;
    }
    const answered = connection.pending.get(message.data.id);
    connection.pending.delete(message.data.id);
    answered?.(message.data);
  };

  const join = async (socket: WebSocket, challenge: string, data: Uint8Array): Promise<Connection | null> => {
    const frame = parseFrame(data);
    const message = frame?.kind === 'control' ? FromNode.safeParse(frame.value) : undefined;
    if (!message?.success || message.data.t !== 'hello') return null;
    const { hello, signature } = message.data;
    if (hello.certificate.node !== hello.node) return null;
    if (!verifyEd25519(hello.certificate.signingKey, helloHash(challenge, hello), signature)) return null;
    const signedHello = { challenge, hello, signature };
    if (!(await options.admit(signedHello))) return null;
    if (socket.readyState !== socket.OPEN) return null;
    const connection: Connection = { node: hello.node, socket, pending: new Map(), latencyMs: 0 };
    connections.get(hello.node)?.socket.close(1000, 'replaced');
    connections.set(hello.node, connection);
    options.onConnected(hello.node, signedHello);
    return connection;
  };

  server.on('connection', (socket) => {
    const challenge = randomBytes(32).toString('hex');
    const frames = createTokenBucket({ perSecond: 2_000, burst: 4_000 });
    const bytes = createTokenBucket({ perSecond: 16 * 1024 * 1024, burst: 32 * 1024 * 1024 });
    let connection: Connection | null = null;
    let joining = false;
    let isAlive = true;
    const timeout = setTimeout(() => socket.close(1008, 'no hello'), HELLO_TIMEOUT_MS);
    const ping = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    }, PING_MS);
    socket.on('pong', () => {
      isAlive = true;
    });
    socket.on('message', (raw: Buffer) => {
      isAlive = true;
      const now = options.clock();
      if (!frames.take(1, now) || !bytes.take(raw.length, now)) {
        counted('overRate');
        return socket.close(1008, 'too much');
      }
      if (connection) return receive(connection, raw);
      if (joining) return socket.close(1008, 'hello first');
      joining = true;
      join(socket, challenge, raw).then(
        (joined) => {
          clearTimeout(timeout);
          connection = joined;
          if (joined) return;
          counted('refusedHello');
          socket.close(1008, 'refused');
        },
        () => socket.close(1011, 'unavailable'),
      );
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(timeout);
      clearInterval(ping);
      if (!connection) return;
      for (const answered of connection.pending.values()) answered(null);
      if (connections.get(connection.node) !== connection) return;
      connections.delete(connection.node);
      options.onGone(connection.node);
    });
    socket.send(encodeFrame({ kind: 'control', value: { t: 'challenge', challenge, now: options.clock() } }));
  });

  const ask: Relay['ask'] = async (node, method, params, timeoutMs = ASK_TIMEOUT_MS) => {
    const connection = connections.get(node);
    if (!connection) return refused(503, 'signer.disconnected', `Signer ${node} is not connected.`);
    const id = nextId++;
    const started = performance.now();
    const message = await new Promise<FromNode | null>((resolve) => {
      const timer = setTimeout(() => connection.pending.delete(id) && resolve(null), timeoutMs);
      connection.pending.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      const kind = LARGE.includes(method) ? 'feed' : 'control';
      connection.socket.send(encodeFrame({ kind, value: { t: 'ask', id, method, params } }));
    });
    if (method !== 'feed') connection.latencyMs = 0.7 * connection.latencyMs + 0.3 * (performance.now() - started);
    if (message?.t === 'answer') {
      const result = ASKS[method].result.safeParse(message.value);
      if (result.success) return accepted(result.data as AskResult<typeof method>);
    }
    if (message?.t === 'refusal') return refused(409, message.code, message.message);
    return refused(503, 'signer.no_answer', `Signer ${node} gave no usable answer.`);
  };

  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://${options.host ?? '127.0.0.1'}:${port}`,
    connected: () => [...connections.keys()].sort((a, b) => a - b),
    ask,
    openCeremony: (ceremonyId, participants) => {
      ceremonies.set(ceremonyId, participants);
      return () => ceremonies.delete(ceremonyId);
    },
    latencyMs: (node) => connections.get(node)?.latencyMs ?? Number.POSITIVE_INFINITY,
    counts: () => ({ ...counts }),
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      }),
  };
};

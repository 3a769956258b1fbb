import { createServer, type RequestListener, type Server } from 'node:http';

/** How long a client may take, milliseconds. */
export type WebServerLimits = {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number;
  /** From the first byte of a request to its last. */
  readonly requestMs: number;
  /** How often both are looked at. */
  readonly checkEveryMs: number;
};

export const WEB_SERVER_LIMITS: WebServerLimits = { headersMs: 20_000, requestMs: 60_000, checkEveryMs: 5_000 };

/** The HTTP server of the web process: who sends slower than the limits holds a connection for nothing and loses it. */
export const createWebServer = (listener: RequestListener, limits: WebServerLimits = WEB_SERVER_LIMITS): Server =>
  createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      // A request whose length or headers could be read in two ways is refused, never guessed.
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    listener,
  );

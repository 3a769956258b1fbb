import { createServer } from 'node:http';
import path from 'node:path';
import next from 'next';

/** The API as Next alone serves it: its route handler, and no direct mount in front. */
const port = Number(process.env.PORT);
const app = next({ dev: false, dir: path.resolve(import.meta.dirname, '..'), port, quiet: true });
await app.prepare();
createServer(app.getRequestHandler()).listen(port);

#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which its CLI would download: the same engine as WebAssembly, from the package
 * registry, over the adapter the platform uses anyway. For authors of migrations only:
 *
 *   PRISMA_SCHEMA_ENGINE_BINARY=prisma/schema-engine.mjs npx prisma migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma --exit-code
 *
 * The CLI starts this file, sends one JSON-RPC request a line on stdin and reads answers from stdout.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const MAINTENANCE_DATABASE = 'postgres';
const CHAR_OID = 18; // "char", the one-byte type of pg_catalog
const TEXT_OID = 25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { datamodels: { type: 'string', multiple: true }, datasource: { type: 'string' } },
});
const url = values.datasource ? JSON.parse(values.datasource).url : process.env.DATABASE_URL;
const openShadows = new Set();

const loadEngine = () => {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) };
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
};

const withDatabase = (name) => {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
};

const onServer = async (work) => {
  const client = new pg.Client({ connectionString: withDatabase(MAINTENANCE_DATABASE) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const createDatabase = async () => {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  await onServer((client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
  return name;
};

/** Makes a connection fit for migrations: the adapter can't read "char" columns, and cuts scripts at every semicolon. */
const fitForMigrations = (adapter) => {
  const { performIO, queryRaw } = adapter;
  const charColumns = new WeakMap();
  adapter.performIO = async (query) => {
    const result = await performIO.call(adapter, query);
    const columns = [];
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR_OID) continue;
      field.dataTypeID = TEXT_OID;
      columns.push(index);
    }
    charColumns.set(query, columns);
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw.call(adapter, query);
    for (const index of charColumns.get(query) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.executeScript = (script) => adapter.client.query(script).catch((error) => adapter.onError(error));
  return adapter;
};

const connectTo = async (connectionString) =>
  fitForMigrations(await new PrismaPg({ connectionString, max: 1 }).connect());

/** A database beside the real one, on which the engine replays migrations; dropped when it is done with it. */
const connectToShadow = async () => {
  const name = `prisma_migrate_shadow_${crypto.randomUUID()}`;
  await onServer((client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
  const shadow = await connectTo(withDatabase(name)); // a URL of its own: the adapter's way would reach the real database
  const { dispose } = shadow;
  let disposed;
  shadow.dispose = () => {
    disposed ??= dispose.call(shadow).then(async () => {
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`));
      openShadows.delete(shadow);
    });
    return disposed;
  };
  openShadows.add(shadow);
  return shadow;
};

let enginePromise;
let isDiagnosed = false;
const engine = () => {
  enginePromise ??= (async () => {
    const datamodels = values.datamodels?.map((file) => [file, readFileSync(file, 'utf8')]);
    const factory = bindMigrationAwareSqlAdapterFactory({
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: () => connectTo(url ?? 'postgresql://localhost:1/none'),
      connectToShadowDb: connectToShadow,
    });
    const made = await bindings.SchemaEngine.new({ datamodels }, () => {}, factory);
    if (values.datasource) await made.version(null).catch(() => {}); // a shadow database can only be asked for after a first connection
    return made;
  })();
  return enginePromise;
};

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

const answer = async (method, params) => {
  if (method === 'createDatabase') return { databaseName: await createDatabase() };
  const current = await engine();
  if (!isDiagnosed && (method === 'evaluateDataLoss' || method === 'createMigration')) {
    // Both find the shadow database only after this call on the same engine.
    await current.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    isDiagnosed = true;
  }
  const name = method === 'getDatabaseVersion' ? 'version' : method;
  if (typeof current[name] !== 'function') throw new Error(`The engine has no method ${method}.`);
  const result = (await current[name](params)) ?? {};
  if (method === 'devDiagnostic') isDiagnosed = true;
  if (method === 'applyMigrations' || method === 'reset') {
    enginePromise = undefined; // it has let go of its shadow database
    isDiagnosed = false;
  }
  if (method !== 'diff' || result.stdout == null) return result;
  send({ id: 1_000_000, method: 'print', params: { content: result.stdout } });
  return { ...result, stdout: null };
};

const errorOf = (error) => {
  const message = String(error.message ?? error);
  try {
    const data = JSON.parse(message);
    if (data?.message) return { code: 4466, message, data };
  } catch {
    // Not one of the engine's own errors.
  }
  return { code: 4466, message, data: { is_panic: false, message, error_code: error.code ?? null } };
};

const serve = () => {
  let pending = 0;
  let isClosing = false;
  const endWhenIdle = async () => {
    if (!isClosing || pending > 0) return;
    await Promise.allSettled([...openShadows].map((shadow) => shadow.dispose()));
    process.exit(0);
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const { id, method, params } = line.trim() === '' ? {} : JSON.parse(line);
    if (!method) return; // the CLI's answer to a print
    pending += 1;
    try {
      send({ id, result: await answer(method, params) });
    } catch (error) {
      send({ id, error: errorOf(error) });
    }
    pending -= 1;
    await endWhenIdle();
  });
  lines.on('close', () => {
    isClosing = true;
    return endWhenIdle();
  });
};

/** The engine's second face: `cli can-connect-to-database` and `cli create-database`, answered by the exit code. */
const runCommand = async (command) => {
  try {
    if (command === 'create-database') await createDatabase();
    else {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.end();
    }
  } catch (error) {
    const code = error.code === '3D000' ? 'P1003' : String(error.code).startsWith('28') ? 'P1000' : 'P1001';
    const line = {
      level: 'ERROR',
      target: 'schema_engine::logger',
      fields: { error_code: code, message: error.message },
    };
    process.stderr.write(`\n${JSON.stringify(line)}\n`);
    process.exitCode = 1;
  }
};

console.log = console.error; // stdout belongs to the protocol
if (positionals[0] === 'cli') await runCommand(positionals[1]);
else {
  loadEngine();
  serve();
}

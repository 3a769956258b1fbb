import { type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

/**
 * Creates the logger of a process: JSON lines in production, one readable line per event otherwise, always on stdout.
 * Fields named `secret…`, `authorization`, `token`, `password`, `privateKey` or `userAction` are never written, at any depth,
 * and neither is the password inside a URL.
 */
export const createLogger = (options: LoggerOptions): Logger => {
  const logger = pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: options.production ? { pid: process.pid } : {},
      formatters: { log: redactFields },
      serializers: { err: (err: unknown) => err }, // redactFields has already made a plain object of it
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)) as typeof args);
        },
      },
    },
    options.destination ?? (options.production ? pino.destination({ fd: 1, sync: true }) : readableLines),
  );
  // SECURITY: pino applies no formatter to the bindings of a child, so they are redacted on their way in; children inherit this.
  const { child } = logger;
  logger.child = function redactedChild(this: Logger, bindings: object, childOptions?: object) {
    return child.call(this, redactFields({ ...bindings }), childOptions);
  } as typeof child;
  return logger;
};

export type LoggerOptions = {
  name: string;
  level?: string;
  production?: boolean;
  /** Where lines go instead of stdout; receives JSON lines. */
  destination?: { write(line: string): void };
};

/** Copies `fields` without the values that must not be seen. Errors become plain objects, cycles are cut at a depth of 8. */
export const redactFields = (fields: Record<string, unknown>): Record<string, unknown> => redactObject(fields, 0);

const SECRET_NAME = /^secret|^(authorization|token|password|privateKey|userAction|x-dfns-useraction)$/i;
const REDACTED = '[redacted]';
const MAX_DEPTH = 8;

const redactText = (text: string): string => text.replace(/(:\/\/[^\s:@/]*):[^\s@/]+@/g, `$1:${REDACTED}@`);

const redactObject = (object: object, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      SECRET_NAME.test(name) ? REDACTED : redactValue(value, depth + 1),
    ]),
  );

const redactValue = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (value instanceof Error) {
    return {
      ...redactObject(value, depth),
      type: value.name,
      message: redactText(value.message),
      stack: value.stack && redactText(value.stack),
      ...(value.cause === undefined ? {} : { cause: redactValue(value.cause, depth + 1) }),
    };
  }
  return redactObject(value, depth);
};

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'ERROR',
  60: 'FATAL',
};

/** Turns pino's JSON into `12:00:01.123 info  text key=value`, so that a supervisor can put a prefix before each line. */
const readableLines = {
  write(line: string): void {
    const { level, time, name: _name, msg, err, ...rest } = JSON.parse(line);
    const fields = Object.entries(rest).map(
      ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const trace = err ? `\n  ${String(err.stack ?? err.message).replaceAll('\n', '\n  ')}` : '';
    const clock = new Date(time).toISOString().slice(11, 23);
    process.stdout.write(
      `${clock} ${(LEVELS[level] ?? level).toString().padEnd(5)} ${msg ?? ''}${fields.join('')}${trace}\n`,
    );
  },
};

'use client';

import { createContext, type ReactNode, use, useCallback, useSyncExternalStore } from 'react';
import { Exact } from './exact';

const STEPS = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [2_592_000, 'day', 86_400],
  [31_536_000, 'month', 2_592_000],
  [Number.POSITIVE_INFINITY, 'year', 31_536_000],
] as const;

// Made once: one for every line of a long list takes longer than all the rest of it.
const agoIn = new Map<string | undefined, Intl.RelativeTimeFormat>();
const ago = (locale: string | undefined): Intl.RelativeTimeFormat => {
  const made = agoIn.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' });
  agoIn.set(locale, made);
  return made;
};

const relative = (at: number, now: number, locale: string | undefined): string => {
  const seconds = Math.round((at - now) / 1000);
  if (Math.abs(seconds) < 5) return 'just now';
  const step = STEPS.find(([below]) => Math.abs(seconds) < below) ?? STEPS[5];
  return ago(locale).format(Math.trunc(seconds / step[2]), step[1]);
};

const MINUTE = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;
const TO_THE_MINUTE = new Intl.DateTimeFormat(undefined, MINUTE);
const TO_THE_SECOND = new Intl.DateTimeFormat(undefined, { ...MINUTE, second: '2-digit' });

/** A time that can't be read is shown as one, not thrown at the page. */
const told = (format: Intl.DateTimeFormat, at: string | number): string => {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? 'Invalid Date' : format.format(moment);
};

/** Date and time in the reader's locale, with the zone. */
export const exactTime = (at: string | number): string => told(TO_THE_SECOND, at);

/** The same to the minute. */
export const minuteTime = (at: string | number): string => told(TO_THE_MINUTE, at);

const DAY = { day: 'numeric', month: 'short' } as const;

/** The whole minute at or after a time, with the zone; the day only where it is not today. */
export const fromTime = (at: string | number): string => {
  const minute = new Date(Math.ceil(new Date(at).getTime() / 60_000) * 60_000);
  const isToday = minute.toDateString() === new Date().toDateString();
  return minute.toLocaleString(undefined, {
    ...(isToday ? {} : DAY),
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
};

type Clock = { now: number; readonly listeners: Set<() => void>; timer: ReturnType<typeof setInterval> | undefined };
const clocks = new Map<number, Clock>();

/** One clock for everything on the page that tells the time as often: a list of hundreds of lines has one timer. */
const clockOf = (everyMs: number): Clock => {
  const known = clocks.get(everyMs);
  if (known) return known;
  const clock: Clock = { now: Date.now(), listeners: new Set(), timer: undefined };
  clocks.set(everyMs, clock);
  return clock;
};

const listen = (everyMs: number, listener: () => void) => {
  const clock = clockOf(everyMs);
  clock.listeners.add(listener);
  clock.timer ??= setInterval(() => {
    clock.now = Date.now();
    for (const one of clock.listeners) one();
  }, everyMs);
  return () => {
    clock.listeners.delete(listener);
    if (clock.listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
};

/** What the clock says: to the tick while it runs, the present time when nobody listened for a while. */
const tell = (everyMs: number): number => {
  const clock = clockOf(everyMs);
  if (clock.timer === undefined && Date.now() - clock.now >= everyMs) clock.now = Date.now();
  return clock.now;
};

/** When the server drew the page, unix ms, and in which language its reader reads. */
export type Drawn = { readonly at: number; readonly locale: string };
const DrawnContext = createContext<Drawn | null>(null);

/** Lets how long ago and how long left be told within what a server draws; the browser goes on by its own clock. */
export const DrawnAt = ({ drawn, children }: { drawn: Drawn; children: ReactNode }) => (
  <DrawnContext value={drawn}>{children}</DrawnContext>
);

/** The time, unix ms, told again every so often; on a server when it draws, or null where that is not told. */
export const useNow = (everyMs: number): number | null => {
  const drawn = use(DrawnContext);
  return useSyncExternalStore(
    useCallback((listener: () => void) => listen(everyMs, listener), [everyMs]),
    () => tell(everyMs),
    () => drawn?.at ?? null,
  );
};

const never = () => () => undefined;

/** The language of the page as the server drew it, then that of the browser, which has no name here. */
const useLocale = (): string | undefined => {
  const drawn = use(DrawnContext);
  return useSyncExternalStore(
    never,
    () => undefined,
    () => drawn?.locale,
  );
};

const everySecond = (listener: () => void) => listen(1000, listener);

/** The time until a moment: to the second in its last hour, to the next minute before. */
const useNowUntil = (moment: number): number | null => {
  const drawn = use(DrawnContext);
  return useSyncExternalStore(
    everySecond,
    () => coarse(moment, tell(1000)),
    () => (drawn === null ? null : coarse(moment, drawn.at)),
  );
};

const coarse = (moment: number, now: number): number =>
  moment - now < 3_600_000 ? now : Math.ceil(now / 60_000) * 60_000;

/** How long ago or ahead; the exact moment by hover, focus or click. */
export const Time = ({ at, className }: { at: string | number; className?: string }) => {
  const now = useNow(10_000);
  const locale = useLocale();
  const moment = new Date(at).getTime();
  if (now === null || Number.isNaN(moment)) return <span className={className}>…</span>;
  return (
    <Exact content={exactTime(at)} className={className}>
      <time
        dateTime={new Date(moment).toISOString()}
        className="tabular whitespace-nowrap"
        // The server's words for a language may be of another year than the browser's.
        suppressHydrationWarning
      >
        {relative(moment, now, locale)}
      </time>
    </Exact>
  );
};

/** Time that is left until a deadline, counted down by the second in the last hour. */
export const TimeLeft = ({ until }: { until: string | number }) => {
  const moment = new Date(until).getTime();
  const now = useNowUntil(moment);
  if (now === null) return <span>…</span>;
  const left = Math.max(0, Math.floor((moment - now) / 1000));
  const text =
    left === 0
      ? 'expired'
      : left < 3600
        ? `${Math.floor(left / 60)} min ${String(left % 60).padStart(2, '0')} s left`
        : left < 172_800
          ? `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min left`
          : `${Math.floor(left / 86_400)} days left`;
  return (
    <Exact
      content={`Expires ${exactTime(until)}`}
      className={`tabular whitespace-nowrap ${left < 900 ? 'font-medium text-pending' : ''}`}
    >
      {text}
    </Exact>
  );
};

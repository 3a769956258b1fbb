'use client';

import { useEffect, useState } from 'react';
import { Tooltip } from './tooltip';

const STEPS = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [2_592_000, 'day', 86_400],
  [31_536_000, 'month', 2_592_000],
  [Number.POSITIVE_INFINITY, 'year', 31_536_000],
] as const;

const relative = (at: number, now: number): string => {
  const seconds = Math.round((at - now) / 1000);
  if (Math.abs(seconds) < 5) return 'just now';
  const step = STEPS.find(([below]) => Math.abs(seconds) < below) ?? STEPS[5];
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' }).format(
    Math.trunc(seconds / step[2]),
    step[1],
  );
};

const MINUTE = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

/** Date and time in the reader's locale, with the zone. */
export const exactTime = (at: string | number): string =>
  new Date(at).toLocaleString(undefined, { ...MINUTE, second: '2-digit' });

/** The same to the minute. */
export const minuteTime = (at: string | number): string => new Date(at).toLocaleString(undefined, MINUTE);

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

/** The time, unix ms, told again every so often; null until mounted. */
export const useNow = (everyMs: number): number | null => {
  // Null until mounted: the server's clock and zone are not the reader's.
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};

/** How long ago or ahead; the exact moment on hover. */
export const Time = ({ at, className }: { at: string | number; className?: string }) => {
  const now = useNow(10_000);
  const moment = new Date(at).getTime();
  if (now === null || Number.isNaN(moment)) return <span className={className}>…</span>;
  return (
    <Tooltip content={exactTime(at)}>
      <time dateTime={new Date(moment).toISOString()} className={`tabular whitespace-nowrap ${className ?? ''}`}>
        {relative(moment, now)}
      </time>
    </Tooltip>
  );
};

/** Time that is left until a deadline, counted down by the second in the last hour. */
export const TimeLeft = ({ until }: { until: string | number }) => {
  const now = useNow(1000);
  if (now === null) return <span>…</span>;
  const left = Math.max(0, Math.floor((new Date(until).getTime() - now) / 1000));
  const text =
    left === 0
      ? 'expired'
      : left < 3600
        ? `${Math.floor(left / 60)} min ${String(left % 60).padStart(2, '0')} s left`
        : left < 172_800
          ? `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min left`
          : `${Math.floor(left / 86_400)} days left`;
  return (
    <Tooltip content={`Expires ${exactTime(until)}`}>
      <span className={`tabular whitespace-nowrap ${left < 900 ? 'font-medium text-pending' : ''}`}>{text}</span>
    </Tooltip>
  );
};

'use client';

import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis } from 'recharts';
import type { DayCount } from './count-by-day';

const SERIES = [
  { key: 'done', word: 'carried out', colour: 'var(--good)' },
  { key: 'underWay', word: 'under way', colour: 'var(--pending)' },
  { key: 'ended', word: 'rejected or failed', colour: 'var(--bad)' },
] as const;

const dayWords = (at: number): string => new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
const sentenceOf = (day: DayCount): string =>
  `${dayWords(day.at)}: ${SERIES.map(({ key, word }) => `${day[key]} ${word}`).join(', ')}`;

/** Requests of each day as bars; the same numbers as a list for those who can't see them. */
export const ActivityChart = ({ days }: { days: readonly DayCount[] }) => (
  <figure>
    <figcaption className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-muted text-xs">
      <span>Requests of the last {days.length} days</span>
      {SERIES.map(({ key, word, colour }) => (
        <span key={key} className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-full" style={{ background: colour }} />
          {word} {days.reduce((sum, day) => sum + day[key], 0)}
        </span>
      ))}
    </figcaption>
    <div aria-hidden className="h-28">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={[...days]} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <XAxis
            dataKey="at"
            tickFormatter={dayWords}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
            tick={{ fill: 'var(--ink-muted)', fontSize: 11 }}
            interval="preserveStartEnd"
            minTickGap={24}
          />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            isAnimationActive={false}
            content={({ payload }) => {
              const day = payload?.[0]?.payload;
              return day ? (
                <p className="rounded-md bg-ink px-2 py-1 text-canvas text-xs shadow-lg">{sentenceOf(day)}</p>
              ) : null;
            }}
          />
          {SERIES.map(({ key, colour }) => (
            <Bar key={key} dataKey={key} stackId="requests" fill={colour} maxBarSize={28} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
    <ul className="sr-only">
      {days.map((day) => (
        <li key={day.at}>{sentenceOf(day)}</li>
      ))}
    </ul>
  </figure>
);

/** One key, or several pressed one after the other. */
export const Kbd = ({ keys }: { keys: string }) => (
  <span className="inline-flex gap-0.5">
    {keys.split(' ').map((key) => (
      <kbd
        key={key}
        className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-sunken px-1 font-sans text-[11px] text-muted"
      >
        {key}
      </kbd>
    ))}
  </span>
);

/** Tags as they are; policies filter on them. */
export const Tags = ({ tags }: { tags: readonly string[] }) => (
  <span className="flex gap-1 overflow-hidden">
    {tags.map((tag) => (
      <span key={tag} className="truncate rounded-sm bg-sunken px-1.5 text-muted text-xs leading-5">
        {tag}
      </span>
    ))}
  </span>
);

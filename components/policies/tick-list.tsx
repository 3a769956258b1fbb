import type { ReactNode } from 'react';
import { Checkbox } from '@/components/ui/checkbox';

type TickListProps = {
  choices: readonly { readonly id: string; readonly label: string }[];
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
  /** Said where there is nothing to choose from. */
  empty: ReactNode;
};

/** Choices, each to be ticked. */
export const TickList = ({ choices, chosen, onChange, empty }: TickListProps) => (
  <>
    {choices.length === 0 && <p className="text-muted">{empty}</p>}
    {choices.map((choice) => (
      <Checkbox
        key={choice.id}
        checked={chosen.includes(choice.id)}
        onChange={(on) => onChange(on ? [...chosen, choice.id] : chosen.filter((id) => id !== choice.id))}
        label={choice.label}
      />
    ))}
  </>
);

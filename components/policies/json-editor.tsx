'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Textarea } from '@/components/ui/input';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { policyBody } from '@/lib/contract/policies';

const show = (value: unknown): string => JSON.stringify(value, null, 2);

/** The definition as JSON. What is typed counts once it is a policy; until then the form keeps the last one, and `onProblem` hears why. */
export const JsonEditor = ({
  value,
  onChange,
  problem,
  onProblem: setProblem,
}: {
  value: PolicyDefinition;
  onChange: (value: PolicyDefinition) => void;
  problem: string | null;
  onProblem: (problem: string | null) => void;
}) => {
  const [text, setText] = useState(show(value));
  const [isEditing, setEditing] = useState(false);
  const shown = show(value);
  useEffect(() => {
    if (isEditing) return;
    setText(shown);
    setProblem(null);
  }, [shown, isEditing, setProblem]);
  const edit = (next: string) => {
    setText(next);
    try {
      const parsed = policyBody.safeParse(JSON.parse(next));
      if (parsed.success) {
        setProblem(null);
        onChange(parsed.data);
      } else
        setProblem(
          parsed.error.issues.map((issue) => `${issue.path.join('.') || 'policy'} ${issue.message}`).join('; '),
        );
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : 'This is not JSON.');
    }
  };
  return (
    <div className="space-y-1">
      <Textarea
        mono
        aria-label="Policy as JSON"
        rows={Math.min(28, text.split('\n').length + 1)}
        value={text}
        aria-invalid={problem !== null}
        onFocus={() => setEditing(true)}
        onBlur={() => setEditing(problem !== null)}
        onChange={(event) => edit(event.target.value)}
      />
      <p role={problem ? 'alert' : undefined} className={problem ? 'text-bad text-xs' : 'text-muted text-xs'}>
        {problem ?? 'The same definition as the form; edit either.'}
      </p>
      {problem && (
        <Button size="sm" onClick={() => setEditing(false)}>
          Take the form’s
        </Button>
      )}
    </div>
  );
};

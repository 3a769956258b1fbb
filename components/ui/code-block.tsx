import { CopyButton } from './copyable';

/** What scrolls is reached by keyboard (WCAG 2.1.1). */
const BY_KEYBOARD = { tabIndex: 0 };

/** Text as it stands, copyable. */
export const CodeBlock = ({ text, label }: { text: string; label: string }) => (
  <div className="relative rounded-md border bg-sunken">
    <div className="absolute top-1 right-1">
      <CopyButton value={text} label={label} />
    </div>
    <pre
      {...BY_KEYBOARD}
      className="thin-scroll max-h-72 overflow-auto whitespace-pre-wrap break-all p-3 pr-8 text-xs leading-5"
    >
      {text}
    </pre>
  </div>
);

/** What of the element that has the focus decides whether a key is its own. */
export type Focused = {
  readonly tagName: string;
  readonly role: string | null;
  /** Of an input. */
  readonly type?: string;
  readonly isContentEditable?: boolean;
  readonly hasLink?: boolean;
};

/** They take every key: text, a choice by its first letters, a value by arrows. */
const TAKES_ALL = new Set([
  'checkbox',
  'combobox',
  'listbox',
  'radio',
  'searchbox',
  'slider',
  'spinbutton',
  'switch',
  'textbox',
]);
/** They are pressed or followed: by ⏎, most of them also by the space bar. */
const IS_PRESSED = new Set(['button', 'link', 'menuitem', 'option', 'tab', 'treeitem']);

/** Whether a key that is pressed there belongs to what has the focus, and is none of the page's. */
export const keepsKey = (key: string, { tagName, role, type, isContentEditable, hasLink }: Focused): boolean => {
  if (isContentEditable || (role !== null && TAKES_ALL.has(role))) return true;
  switch (tagName) {
    case 'INPUT':
      return !(type === 'button' || type === 'submit' || type === 'reset') || key === 'Enter' || key === ' ';
    case 'TEXTAREA':
    case 'SELECT':
      return true;
    default: {
      const isPressed =
        tagName === 'BUTTON' ||
        tagName === 'SUMMARY' ||
        (tagName === 'A' && hasLink === true) ||
        (role !== null && IS_PRESSED.has(role));
      return isPressed && (key === 'Enter' || key === ' ');
    }
  }
};

/**
 * Whether keys are letters, digits or signs alone: what a voice or a slip of the hand types by accident.
 * @see WCAG 2.2, success criterion 2.1.4
 */
export const isCharacterKey = (keys: string): boolean => keys.split(' ').every((key) => [...key].length === 1);

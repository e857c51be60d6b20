import type { ReactElement } from 'react';
import './choice-bar.css';

type ChoiceBarProps<T extends string> = {
  label: string;
  /** Null while none of them holds. */
  value: T | null;
  choices: readonly { readonly value: T; readonly label: string }[];
  onChange: (value: T) => void;
};

/** One of a few, all in view. */
export function ChoiceBar<T extends string>(props: ChoiceBarProps<T>): ReactElement {
  return (
    <span className="choice-bar" role="radiogroup" aria-label={props.label}>
      {props.choices.map(({ value, label }) => (
        <label key={value} className={value === props.value ? 'choice choice-on' : 'choice'}>
          <input
            type="radio"
            className="unseen"
            name={props.label}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          {label}
        </label>
      ))}
    </span>
  );
}

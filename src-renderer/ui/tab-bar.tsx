import type { KeyboardEvent, ReactElement } from 'react';
import './tab-bar.css';

type Tab<T extends string> = {
  readonly value: T;
  readonly label: string;
  readonly disabledBecause?: string | undefined;
};

type TabBarProps<T extends string> = {
  label: string;
  value: T;
  tabs: readonly Tab<T>[];
  /** Id of the panel each tab opens; tabs that only change a setting have none. */
  panelId?: (value: T) => string;
  onChange: (value: T) => void;
};

/** Tabs in a row; arrow keys walk, a disabled one says why. */
export function TabBar<T extends string>(props: TabBarProps<T>): ReactElement {
  const { tabs, value, onChange, panelId } = props;
  const walk = (event: KeyboardEvent<HTMLDivElement>): void => {
    const open = tabs.filter((tab) => tab.disabledBecause === undefined);
    const place = open.findIndex((tab) => tab.value === value);
    const places: Record<string, number> = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 };
    const next = places[event.key];
    const tab = next === undefined ? undefined : open.at(next % open.length);
    if (tab) {
      event.preventDefault();
      onChange(tab.value);
      event.currentTarget.querySelector<HTMLElement>(`[data-tab="${tab.value}"]`)?.focus();
    }
  };
  return (
    <div className="tab-bar" role="tablist" aria-label={props.label} onKeyDown={walk}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          data-tab={tab.value}
          aria-selected={tab.value === value}
          aria-controls={panelId?.(tab.value)}
          aria-disabled={tab.disabledBecause !== undefined}
          tabIndex={tab.value === value ? 0 : -1}
          title={tab.disabledBecause}
          onClick={() => tab.disabledBecause === undefined && onChange(tab.value)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}

import { useLocalStorage } from '@mantine/hooks';

/** The last lines of an output, or as much of it as a screen holds. */
export type Extent = 'last' | 'full';

export type OutputSettings = {
  readonly wrap: boolean;
  readonly timestamps: boolean;
  readonly lineNumbers: boolean;
};

const defaults: OutputSettings = { wrap: true, timestamps: false, lineNumbers: false };

/** How output is shown; kept in this browser. */
export function useOutputSettings(): readonly [OutputSettings, (change: Partial<OutputSettings>) => void] {
  const [settings, setSettings] = useLocalStorage<OutputSettings>({ key: 'drover-output', defaultValue: defaults });
  return [settings, (change) => setSettings((current) => ({ ...current, ...change }))];
}

import { enConsole } from './en-console.ts';
import { enFirst } from './en-first.ts';
import { enSettings } from './en-settings.ts';
import { enTargets } from './en-targets.ts';

/** Every text of the screens, in English. Output, scripts and names are never translated. */
export const en = { ...enFirst, ...enConsole, ...enSettings, ...enTargets } as const;

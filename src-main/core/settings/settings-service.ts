import {
  type Setting,
  type SettingName,
  settingNames,
  settings,
  settingSchema,
  settingsMisfit,
  type SettingValue,
  type SettingValues,
} from '#contract/settings';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, Clock, Log } from '#core/ports';
import type { FixedSetting, SettingsStore, StoredSetting } from '#core/ports-settings';

type SettingsParts = {
  readonly store: SettingsStore & Pick<Archive, 'together'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
  /** Wins over what people set. */
  readonly fixed: readonly FixedSetting[];
};

type Change = { readonly name: SettingName; readonly value: SettingValue | null; readonly rev: number };

/** What the engine works with now, and who changed it. Read once; the archive is the truth between two starts. */
export class SettingsService {
  readonly #parts: SettingsParts;
  readonly #fixed: ReadonlyMap<string, FixedSetting>;
  readonly #stored: Map<string, StoredSetting>;
  readonly #listeners: (() => void)[] = [];
  #values: SettingValues;

  constructor(parts: SettingsParts) {
    this.#parts = parts;
    this.#fixed = new Map(parts.fixed.map((one) => [one.name, one]));
    this.#stored = new Map(parts.store.listSettings().map((one) => [one.name, one]));
    this.#leaveUnusable();
    this.#values = this.#valuesWith([]);
  }

  /** The values in force; a new object after each change, so that a reader that keeps it reads old ones. */
  get values(): SettingValues {
    return this.#values;
  }

  /** Calls `listener` after every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  list(): Setting[] {
    return settingNames.map((name) => this.#shown(name));
  }

  /**
   * All or none. Throws DroverError `bad-input` for a value that is not possible or that the configuration fixes, and
   * `changed-meanwhile`.
   */
  set(changes: readonly (Change & { readonly value: SettingValue })[], actor: Actor): Setting[] {
    for (const { name, value } of changes) {
      this.#refuseFixed(name);
      const checked = settingSchema(name).safeParse(value);
      if (!checked.success) {
        throw new DroverError('bad-input', `${name} ${checked.error.issues[0]?.message ?? 'is not possible'}`, {
          detail: { name },
        });
      }
    }
    return this.#save(changes, actor, 'settings.set');
  }

  /** Back to the defaults, all or none. Throws as `set` does. */
  reset(changes: readonly Omit<Change, 'value'>[], actor: Actor): Setting[] {
    changes.forEach(({ name }) => this.#refuseFixed(name));
    return this.#save(
      changes.map((change) => ({ ...change, value: null })),
      actor,
      'settings.reset',
    );
  }

  #save(changes: readonly Change[], actor: Actor, action: string): Setting[] {
    const values = this.#valuesWith(changes);
    const misfit = settingsMisfit(values);
    if (misfit !== null) {
      throw new DroverError('bad-input', misfit);
    }
    const { store, clock } = this.#parts;
    const at = Math.round(clock.now());
    const saved = store.together(() =>
      changes.map(({ name, value, rev }) => {
        const detail = { name, from: this.#values[name], to: values[name] };
        const audit = { actor, action, objectType: 'setting', objectId: name, detail };
        return store.saveSetting({ name, value, rev, at }, audit) ?? this.#refuseChanged(name);
      }),
    );
    saved.forEach((one) => this.#stored.set(one.name, one));
    this.#values = values;
    this.#listeners.forEach((listener) => listener());
    return this.list();
  }

  /** What another version stored, or what does not fit beside the configuration, is left alone and not used. */
  #leaveUnusable(): void {
    for (const { name, value } of this.#stored.values()) {
      const known = settingNames.find((one) => one === name);
      if (known === undefined || (value !== null && !settingSchema(known).safeParse(value).success)) {
        this.#parts.log.warn('a stored setting cannot be used', { name });
        this.#forgetValue(name);
      }
    }
    const misfit = settingsMisfit(this.#valuesWith([]));
    if (misfit !== null) {
      this.#parts.log.warn('stored settings do not fit beside the configuration', { misfit });
      this.#stored.forEach(({ name }) => this.#forgetValue(name));
    }
  }

  #forgetValue(name: string): void {
    const present = this.#stored.get(name);
    if (present) {
      this.#stored.set(name, { ...present, value: null });
    }
  }

  #valuesWith(changes: readonly Change[]): SettingValues {
    const changed = new Map<string, SettingValue | null>(changes.map(({ name, value }) => [name, value]));
    const valueOf = (name: SettingName): SettingValue =>
      this.#fixed.get(name)?.value ??
      (changed.has(name) ? changed.get(name) : this.#stored.get(name)?.value) ??
      settings[name].usual;
    return Object.fromEntries(settingNames.map((name) => [name, valueOf(name)])) as SettingValues;
  }

  #shown(name: SettingName): Setting {
    const { unit, usual, min, max, effect } = settings[name];
    const stored = this.#stored.get(name);
    const fixed = this.#fixed.get(name);
    const source: Setting['source'] = fixed
      ? { from: 'fixed', by: fixed.by }
      : stored && stored.value !== null
        ? { from: 'changed', by: stored.by, at: stored.at }
        : { from: 'default' };
    return { name, unit, value: this.#values[name], default: usual, min, max, effect, source, rev: stored?.rev ?? 0 };
  }

  #refuseFixed(name: SettingName): void {
    const fixed = this.#fixed.get(name);
    if (fixed) {
      throw new DroverError('bad-input', `${name} is fixed by ${fixed.by}: change it there and start Drover again`, {
        detail: { name, by: fixed.by },
      });
    }
  }

  #refuseChanged(name: SettingName): never {
    const { value, source, rev } = this.#shown(name);
    const who = source.from === 'changed' ? ` by ${source.by}` : '';
    throw new DroverError('changed-meanwhile', `${name} was changed meanwhile${who}: it is ${value} now`, {
      detail: { name, value, rev },
    });
  }
}

import { Button, TextInput } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { type ReactElement, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '#contract';
import type { DroverError } from '#contract/errors';
import { writeSetting } from '#contract/setting-text';
import { isTextUnit, type Setting, settingGroups, type SettingName } from '#contract/settings';
import { queries } from '../../client/index.ts';
import { useAct, useCall } from '../../client/use-call.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tell } from '../../ui/tell.ts';
import { Ago } from '../../ui/time.tsx';
import { changesOf, type Drafts, fieldState, withoutDraft } from './setting-drafts.ts';
import { useRole } from './use-role.ts';

/** What is typed stays while the window lives, also when another page was looked at. */
let kept: Drafts = {};

type Editing = {
  readonly settings: readonly Setting[];
  readonly drafts: Drafts;
  readonly change: (drafts: Drafts) => void;
  readonly save: () => void;
  readonly reset: (these: readonly Setting[]) => void;
  readonly isSaving: boolean;
  readonly error: DroverError | null;
};

function useEditing(): Editing {
  const { t } = useTranslation();
  const { error, data, refetch } = useCall('settings.get', {});
  const set = useAct('settings.set');
  const reset = useAct('settings.reset');
  const [drafts, setDrafts] = useState(kept);
  const settings = data?.settings ?? [];
  const change = (next: Drafts): void => {
    kept = next;
    setDrafts(next);
  };
  const onSuccess = (answer: OutputOf<'settings.set'>): void => {
    queries.setQueryData(['settings.get', {}], answer);
    tell({ message: t('settings.limits.saved') });
  };
  const onError = (): void => void refetch();
  return {
    settings,
    drafts,
    change,
    isSaving: set.isPending,
    error: error ?? set.error ?? reset.error,
    save() {
      const changes = changesOf(settings, drafts);
      const isWrong = settings.some((setting) => fieldState(setting, drafts).isWrong);
      if (changes.length > 0 && !isWrong && !set.isPending) {
        const saved = (answer: OutputOf<'settings.set'>): void => {
          change({});
          onSuccess(answer);
        };
        set.mutate({ changes }, { onSuccess: saved, onError });
      }
    },
    reset(these) {
      change(these.reduce((left, { name }) => withoutDraft(left, name), drafts));
      reset.mutate({ changes: these.map(({ name, rev }) => ({ name, rev })) }, { onSuccess, onError });
    },
  };
}

/** Every limit and default: its value, where that comes from, and what it may be. */
export function LimitsSection(): ReactElement {
  const { t } = useTranslation();
  const { isAdmin } = useRole();
  const editing = useEditing();
  const { settings, drafts, change } = editing;
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        editing.save();
      }}
    >
      {editing.error && <ErrorNotice error={editing.error} />}
      {!isAdmin && <p className="quiet">{t('settings.limits.needsAdmin')}</p>}
      {settingGroups.map((group) => (
        <fieldset key={group} className="settings-group">
          <legend>{t(`settings.limits.groups.${group}`)}</legend>
          {settings
            .filter(({ name }) => name.startsWith(`${group}.`))
            .map((setting) => (
              <SettingField
                key={setting.name}
                {...{ setting, drafts }}
                isLocked={!isAdmin}
                onChange={change}
                onReset={() => editing.reset([setting])}
              />
            ))}
        </fieldset>
      ))}
      {isAdmin && <SaveBar editing={editing} />}
    </form>
  );
}

function SaveBar({ editing }: { editing: Editing }): ReactElement {
  const { t } = useTranslation();
  const { settings, drafts } = editing;
  const states = settings.map((setting) => fieldState(setting, drafts));
  const count = states.filter(({ isChanged }) => isChanged).length;
  const changed = settings.filter(({ source }) => source.from === 'changed');
  return (
    <div className="settings-save">
      <span className="quiet" role="status">
        {count > 0 && t('settings.limits.unsaved', { count })}
      </span>
      {changed.length > 0 && count === 0 && (
        <Button variant="subtle" color="gray" onClick={() => editing.reset(changed)}>
          {t('settings.limits.resetAll')}
        </Button>
      )}
      {count > 0 && (
        <>
          <Button variant="default" onClick={() => editing.change({})}>
            {t('settings.limits.discard')}
          </Button>
          <Button type="submit" loading={editing.isSaving} disabled={states.some(({ isWrong }) => isWrong)}>
            {t('settings.limits.save', { count })}
          </Button>
        </>
      )}
    </div>
  );
}

/** The field that the address names has the focus as soon as it is drawn. */
function useWantedFocus(name: SettingName): RefObject<HTMLInputElement | null> {
  const box = useRef<HTMLInputElement>(null);
  const wanted: { field?: string } = useSearch({ from: '/settings/$section' });
  const isWanted = wanted.field === name;
  useEffect(() => {
    if (isWanted) {
      box.current?.focus();
    }
  }, [isWanted]);
  return box;
}

type FieldProps = {
  setting: Setting;
  drafts: Drafts;
  isLocked: boolean;
  onChange: (drafts: Drafts) => void;
  onReset: () => void;
};

function SettingField({ setting, drafts, isLocked, onChange, onReset }: FieldProps): ReactElement {
  const { t } = useTranslation();
  const { name, source, rev } = setting;
  const { text, isWrong, isStale, isChanged } = fieldState(setting, drafts);
  const box = useWantedFocus(name);
  const title = t(`settings.field.${name}.name`);
  const usual = writeSetting(name, setting.default);
  const bounds = isTextUnit(setting.unit)
    ? t(`settings.limits.boundsOf.${setting.unit}`)
    : t('settings.limits.bounds', rangeOf(setting));
  const value = writeSetting(name, setting.value);
  return (
    <div className={isChanged ? 'setting setting-unsaved' : 'setting'}>
      <label htmlFor={name}>
        {title}
        <span className="quiet">{t(`settings.field.${name}.hint`)}</span>
      </label>
      <div className="setting-value">
        <TextInput
          id={name}
          ref={box}
          value={text}
          maxLength={setting.unit === 'folder' ? 1_000 : 40}
          autoComplete="off"
          disabled={source.from === 'fixed' || isLocked}
          error={isWrong ? t('settings.limits.wrong', { bounds }) : undefined}
          onChange={({ currentTarget }) =>
            onChange({ ...drafts, [name]: { text: currentTarget.value, rev: drafts[name]?.rev ?? rev } })
          }
        />
        {source.from === 'changed' && !isLocked && (
          <IconButton size={24} label={t('settings.limits.reset', { name: title, value: usual })} onClick={onReset}>
            <IconArrowBackUp size={15} stroke={1.6} />
          </IconButton>
        )}
      </div>
      <div className="setting-notes quiet">
        {isStale && (
          <span className="setting-stale" role="alert">
            {t('settings.limits.meanwhile', { value })}{' '}
            <button type="button" onClick={() => onChange(withoutDraft(drafts, name))}>
              {t('settings.limits.takeTheirs', { value })}
            </button>
          </span>
        )}
        {source.from === 'fixed' && <span>{t('settings.limits.fixedBy', { by: source.by })}</span>}
        {source.from === 'changed' && (
          <span>
            {t('settings.limits.changedBy', { name: source.by })} <Ago at={source.at} />
          </span>
        )}
        <span>{t('settings.limits.usual', { value: usual })}</span>
        <span>{bounds}</span>
        <span>{t(`settings.limits.effect.${setting.effect}`)}</span>
      </div>
    </div>
  );
}

const rangeOf = ({ name, min, max }: Setting): { min: string; max: string } => ({
  min: writeSetting(name, min ?? 0),
  max: writeSetting(name, max ?? 0),
});

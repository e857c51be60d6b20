import { Button, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.tsx';
import { emptyHop, type HopDraft } from './target-draft.ts';
import { CredentialSelect } from './credential-select.tsx';
import type { TargetForm } from './use-target-form.ts';

const mostHops = 8;
const glyph = { size: 14, stroke: 1.6 } as const;

/** The machines on the way, the nearest first. */
export function JumpEditor({ form }: { form: TargetForm }): ReactElement {
  const { t } = useTranslation();
  const { draft, change } = form;
  const { jump } = draft;
  const setHop = (place: number, hop: HopDraft): void => change({ jump: jump.with(place, hop) });
  const move = (place: number, by: 1 | -1): void => {
    const hop = jump[place];
    const other = jump[place + by];
    if (hop && other) {
      change({ jump: jump.with(place, other).with(place + by, hop) });
    }
  };
  return (
    <div className="jump-editor">
      {jump.length === 0 && <p className="quiet">{t('targets.direct')}</p>}
      <ol>
        {jump.map((hop, place) => (
          <li key={place}>
            <HopFields hop={hop} place={place} onChange={(next) => setHop(place, next)} />
            <span className="hop-buttons">
              <IconButton label={t('targets.hopUp')} disabled={place === 0} onClick={() => move(place, -1)}>
                <IconArrowUp {...glyph} />
              </IconButton>
              <IconButton
                label={t('targets.hopDown')}
                disabled={place === jump.length - 1}
                onClick={() => move(place, 1)}
              >
                <IconArrowDown {...glyph} />
              </IconButton>
              <IconButton
                label={t('targets.hopRemove', { place: place + 1 })}
                onClick={() => change({ jump: jump.toSpliced(place, 1) })}
              >
                <IconX {...glyph} />
              </IconButton>
            </span>
          </li>
        ))}
      </ol>
      <WayProblems form={form} />
      <Button
        variant="default"
        leftSection={<IconPlus {...glyph} />}
        disabled={jump.length >= mostHops}
        onClick={() => change({ jump: [...jump, emptyHop] })}
      >
        {t('targets.hopAdd')}
      </Button>
    </div>
  );
}

/** Told at once when the way is a circle, else after the first try to save. */
function WayProblems({ form: { problems, circle } }: { form: TargetForm }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {problems.jump && (
        <p className="form-problem" role="alert">
          {t('targets.wrong.jump')}
        </p>
      )}
      {circle !== null && (
        <p className="form-problem" role="alert">
          {t('targets.circle', { place: circle })}
        </p>
      )}
    </>
  );
}

type HopProps = { hop: HopDraft; place: number; onChange: (hop: HopDraft) => void };

function HopFields({ hop, place, onChange }: HopProps): ReactElement {
  const { t } = useTranslation();
  const text = (field: 'address' | 'port' | 'user') => ({
    label: t(`targets.field.${field}`),
    'aria-label': t('targets.hopField', { field: t(`targets.field.${field}`), place: place + 1 }),
    value: hop[field],
    spellCheck: false,
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...hop, [field]: event.currentTarget.value }),
  });
  return (
    <div className="hop-fields">
      <TextInput {...text('address')} classNames={{ input: 'mono' }} />
      <TextInput {...text('port')} inputMode="numeric" />
      <TextInput {...text('user')} />
      <CredentialSelect
        label={t('targets.field.credentialId')}
        value={hop.credentialId}
        onChange={(credentialId) => onChange({ ...hop, credentialId })}
      />
    </div>
  );
}

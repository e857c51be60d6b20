import { TextInput } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ComponentType, type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../client/use-call.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { CredentialsSection } from './credentials-section.tsx';
import { HostKeysSection } from './host-keys-section.tsx';
import { LicencesSection } from './licences-section.tsx';
import { LimitsSection } from './limits-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { findPlaces, isSection, placesOf, type Section, sections } from './sections.ts';
import { SessionsSection } from './sessions-section.tsx';
import './settings.css';

const parts: Record<Section, ComponentType> = {
  about: AboutSection,
  limits: LimitsSection,
  credentials: CredentialsSection,
  'host-keys': HostKeysSection,
  secrets: SecretsSection,
  sessions: SessionsSection,
  appearance: AppearanceSection,
  licences: LicencesSection,
};

/** Everything about this node that is not daily work. */
export function SettingsPage(): ReactElement {
  const { t } = useTranslation();
  const params: { section: string } = useParams({ from: '/settings/$section' });
  const section = isSection(params.section) ? params.section : 'about';
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const Part = parts[section];
  useKeys({ '/': { does: t('settings.find'), act: () => field.current?.focus() } });
  return (
    <div className="settings">
      <header className="settings-head">
        <h1>{t('settings.title')}</h1>
        <TextInput
          ref={field}
          className="settings-find"
          type="search"
          aria-label={t('settings.find')}
          placeholder={t('settings.find')}
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setTyped('')}
        />
      </header>
      <Sections current={section} onGo={() => setTyped('')} />
      <div className="settings-body">
        {typed.trim() === '' ? (
          <section aria-labelledby="settings-section">
            <h2 id="settings-section">{t(`settings.section.${section}`)}</h2>
            <Part />
          </section>
        ) : (
          <Found typed={typed} onGo={() => setTyped('')} />
        )}
      </div>
    </div>
  );
}

function Sections({ current, onGo }: { current: Section; onGo: () => void }): ReactElement {
  const { t } = useTranslation();
  const offered = useCall('hostkey.list', { state: 'offered' }).data?.keys.length ?? 0;
  return (
    <nav className="settings-nav" aria-label={t('settings.sections')}>
      {sections.map((section) => (
        <Link
          key={section}
          to="/settings/$section"
          params={{ section }}
          aria-current={section === current ? 'page' : undefined}
          onClick={onGo}
        >
          {t(`settings.section.${section}`)}
          {section === 'host-keys' && offered > 0 && (
            <span className="settings-badge tabular">{t('settings.hostKeys.waiting', { count: offered })}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function Found({ typed, onGo }: { typed: string; onGo: () => void }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const found = findPlaces(placesOf(t), typed);
  if (found.length === 0) {
    return <p className="quiet settings-nothing">{t('settings.nothingFound', { text: typed.slice(0, 60) })}</p>;
  }
  return (
    <ul className="settings-found" aria-label={t('settings.found')}>
      {found.map(({ section, id, title, more }) => (
        <li key={`${section} ${title}`}>
          <button
            type="button"
            onClick={() => {
              onGo();
              void navigate({ to: '/settings/$section', params: { section }, search: id === '' ? {} : { field: id } });
            }}
          >
            <span>{title}</span>
            <span className="quiet">{t(`settings.section.${section}`)}</span>
            <span className="quiet cut">{more}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

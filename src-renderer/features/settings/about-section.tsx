import { IconCopy } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../client/use-call.ts';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Moment } from '../../ui/time.tsx';
import { CopiesFact, CopyTrouble } from './copies-fact.tsx';
import { SettingsFile } from './settings-file.tsx';
import { sizeText } from './size-text.ts';

/** What this node is, where its things lie, and how it is. */
export function AboutSection(): ReactElement {
  const { t, i18n } = useTranslation();
  const { node } = useConnection();
  const facts = useCall('node.facts', {});
  const known = facts.data;
  const size = (bytes: number): string => sizeText(bytes, i18n.language);
  return (
    <>
      {facts.error && <ErrorNotice error={facts.error} />}
      <CopyTrouble />
      <dl className="settings-facts">
        {node && (
          <>
            <Fact name={t('settings.about.node')}>{node.name}</Fact>
            <Fact name={t('settings.about.version')}>{node.version}</Fact>
            <Fact name={t('settings.about.you')}>{t('settings.about.youAre', node.actor)}</Fact>
            <Fact name={t('settings.about.uptime')}>
              <Moment at={node.startedAt} />
            </Fact>
            <Fact name={t('settings.about.folder')} copy={node.dataFolder}>
              {node.dataFolder}
            </Fact>
            <Fact name={t('settings.about.health')}>{node.trouble ?? t('settings.about.well')}</Fact>
          </>
        )}
        {known && (
          <>
            <Fact name={t('settings.about.runtime')}>{`${known.runtime} · ${node?.platform ?? ''}`}</Fact>
            <Fact name={t('settings.about.archive')} copy={known.archiveFile}>
              {t('settings.about.archiveSize', { file: known.archiveFile, size: size(known.archiveBytes) })}
            </Fact>
            <Fact name={t('settings.about.log')} copy={known.logFile}>
              {known.logFile}
            </Fact>
            <Fact name={t('settings.about.disk')}>
              {t('settings.about.diskFree', {
                size: size(known.disk.freeBytes),
                share: Math.round(known.disk.freeShare * 100),
              })}
            </Fact>
            <Fact name={t('settings.about.copies')}>
              <CopiesFact />
            </Fact>
          </>
        )}
      </dl>
      <p>
        <Link to="/settings/$section" params={{ section: 'licences' }}>
          {t('settings.licences.fromAbout')}
        </Link>
      </p>
      <SettingsFile />
    </>
  );
}

function Fact({ name, copy, children }: { name: string; copy?: string; children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span>{children}</span>
        {copy !== undefined && (
          <IconButton size={22} label={t('settings.about.copyOf', { what: name })} onClick={() => void copyText(copy)}>
            <IconCopy size={14} stroke={1.6} />
          </IconButton>
        )}
      </dd>
    </div>
  );
}

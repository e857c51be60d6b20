import { IconClock, IconCopy, IconDownload, IconListNumbers, IconSearch, IconTextWrap } from '@tabler/icons-react';
import type { ComponentType, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputLine, Stream } from '#contract/run';
import { downloadUrl } from '../../client/index.ts';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuDownload, MenuLabel, MenuLine } from '../../ui/menu.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { plainText } from '../../ui/terminal-lines.ts';
import { useKeys } from '../../ui/use-keys.ts';
import type { Extent, OutputSettings } from './output-settings.ts';

type OutputToolsProps = {
  no: number;
  host: number | null;
  stream: Stream | 'both';
  extent: Extent | null;
  settings: OutputSettings;
  searching: boolean;
  onStream: (stream: Stream | 'both') => void;
  onExtent: (extent: Extent) => void;
  onSettings: (change: Partial<OutputSettings>) => void;
  onSearch: () => void;
  copy: () => string;
  loaded: () => readonly OutputLine[];
};

const glyph = { size: 16, stroke: 1.6 };

export function OutputTools(props: OutputToolsProps): ReactElement {
  const { t } = useTranslation();
  const search = (): void => {
    props.onSearch();
    document.dispatchEvent(new Event('drover-find'));
  };
  const find = { does: t('keys.find'), act: search };
  useKeys(
    {
      'mod+f': find,
      '/': find,
      // The search field and the terminal do these themselves.
      enter: { does: t('keys.findNext') },
      'shift+enter': { does: t('keys.findPrevious') },
      end: { does: t('keys.end') },
    },
    { title: t('keys.outputTitle') },
  );
  const copy = (): void => void copyText(props.copy() || plainText(props.loaded()), t('output.copied'));
  return (
    <div className="output-tools" role="toolbar" aria-label={t('output.tools')}>
      <Scope {...props} />
      <div className="output-buttons">
        <Toggle label={t('output.search')} on={props.searching} onClick={search} Icon={IconSearch} />
        <ViewToggles settings={props.settings} onSettings={props.onSettings} />
        <IconButton label={t('output.copy')} onClick={copy}>
          <IconCopy {...glyph} />
        </IconButton>
        <Downloads no={props.no} host={props.host} />
      </div>
    </div>
  );
}

/** Which stream, and how much of it. */
function Scope(props: Pick<OutputToolsProps, 'stream' | 'extent' | 'onStream' | 'onExtent'>): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceBar
        label={t('output.streams')}
        value={props.stream}
        onChange={props.onStream}
        choices={[
          { value: 'both', label: t('output.bothStreams') },
          { value: 'out', label: t('output.onlyOut') },
          { value: 'err', label: t('output.onlyErr') },
        ]}
      />
      <ChoiceBar
        label={t('output.extent')}
        value={props.extent}
        onChange={props.onExtent}
        choices={[
          { value: 'last', label: t('output.lastLines') },
          { value: 'full', label: t('output.full') },
        ]}
      />
      <span className="output-legend quiet">
        <span className="output-mark" aria-hidden="true">
          {t('output.errMark')}
        </span>
        {t('output.errLegend')}
      </span>
    </>
  );
}

function ViewToggles({ settings, onSettings }: Pick<OutputToolsProps, 'settings' | 'onSettings'>): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Toggle
        label={t('output.wrap')}
        on={settings.wrap}
        onClick={() => onSettings({ wrap: !settings.wrap })}
        Icon={IconTextWrap}
      />
      <Toggle
        label={t('output.timestamps')}
        on={settings.timestamps}
        onClick={() => onSettings({ timestamps: !settings.timestamps })}
        Icon={IconClock}
      />
      <Toggle
        label={t('output.numbers')}
        on={settings.lineNumbers}
        onClick={() => onSettings({ lineNumbers: !settings.lineNumbers })}
        Icon={IconListNumbers}
      />
    </>
  );
}

type IconType = ComponentType<{ size: number; stroke: number }>;

function Toggle(props: { label: string; on: boolean; onClick: () => void; Icon: unknown }): ReactElement {
  const Icon = props.Icon as IconType;
  return (
    <IconButton label={props.label} aria-pressed={props.on} onClick={props.onClick}>
      <Icon {...glyph} />
    </IconButton>
  );
}

function Downloads({ no, host }: { no: number; host: number | null }): ReactElement {
  const { t } = useTranslation();
  const scope = { run: no, ...(host !== null && { host }) };
  const files = [
    { label: t('output.downloadOut'), url: downloadUrl({ ...scope, stream: 'out', format: 'raw' }) },
    { label: t('output.downloadErr'), url: downloadUrl({ ...scope, stream: 'err', format: 'raw' }) },
    { label: t('output.downloadText'), url: downloadUrl({ ...scope, format: 'text' }) },
  ];
  return (
    <Menu
      label={t('output.download')}
      align="end"
      trigger={
        <IconButton label={t('output.download')}>
          <IconDownload {...glyph} />
        </IconButton>
      }
    >
      {files.map((file) => (
        <MenuDownload key={file.label} href={file.url}>
          {file.label}
        </MenuDownload>
      ))}
      <MenuLine />
      <MenuLabel>
        <span className="output-hint">{t('output.downloadRawHint')}</span>
      </MenuLabel>
    </Menu>
  );
}

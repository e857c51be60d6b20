import { IconHelp } from '@tabler/icons-react';
import { type ReactElement, use } from 'react';
import { useTranslation } from 'react-i18next';
import { Close, Dropdown } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

/** Terms as they are written, and the word of the catalogue that says what they find. */
const terms = [
  ['backup', 'plain'],
  ['status:failed,timeout', 'status'],
  ['target:web1', 'target'],
  ['by:anna', 'by'],
  ['since:24h', 'since'],
  ['until:2026-11-20', 'until'],
  ['name:nightly', 'name'],
  ['text:"apt-get"', 'text'],
  ['source:api', 'source'],
  ['phase:lost', 'phase'],
  ['reason:refused', 'reason'],
  ['language:python', 'language'],
  ['rerun:#12', 'rerun'],
  ['#12,#13', 'number'],
  ['!target:web1', 'not'],
  ['target:web?.*', 'glob'],
  ['/df -h|uptime/', 'regex'],
  ['"two words"', 'quoted'],
] as const;

type HelpProps = { onPick: (term: string) => void };

/** How a search is written: every line can be taken over. */
export function SearchHelp({ onPick }: HelpProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Dropdown
      role="dialog"
      label={t('runHelp.title')}
      align="end"
      trigger={
        <IconButton size={22} label={t('runHelp.open')}>
          <IconHelp size={15} stroke={1.6} />
        </IconButton>
      }
    >
      <p className="quiet search-help-all">{t('runHelp.all')}</p>
      <ul className="search-help">
        {terms.map(([term, key]) => (
          <HelpLine key={term} term={term} means={t(`runHelp.${key}`)} onPick={onPick} />
        ))}
      </ul>
    </Dropdown>
  );
}

function HelpLine({ term, means, onPick }: HelpProps & { term: string; means: string }): ReactElement {
  const close = use(Close);
  return (
    <li>
      <button
        type="button"
        className="mono"
        onClick={() => {
          close();
          onPick(term);
        }}
      >
        {term}
      </button>
      <span className="quiet">{means}</span>
    </li>
  );
}

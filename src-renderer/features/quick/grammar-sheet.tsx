import { IconHelp } from '@tabler/icons-react';
import type { ReactElement, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Dropdown } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

/** How it is written, and which sentence says what it finds. */
const words = [
  ['web1, web2', 'names'],
  ['web*  db?', 'globs'],
  ['web[01-20]', 'brackets'],
  ['10.0.0.0/28  10.0.0.1-20', 'ranges'],
  ['tag:web,db', 'field'],
  ['tag:web os:linux', 'all'],
  ['!tag:canary', 'not'],
  ['/^web[0-9]+$/', 'regex'],
  ['"db server 1"', 'quotes'],
  ['reach:failed  reach:never', 'reach'],
  ['attr.rack:b7  fact.arch:arm64', 'keyed'],
  ['maintenance:yes', 'maintenance'],
  ['*', 'every'],
] as const;

/** The words of a selector, beside its field. */
export function GrammarSheet({ holder }: { holder: Ref<HTMLSpanElement> }): ReactElement {
  const { t } = useTranslation();
  return (
    <span ref={holder}>
      <Dropdown
        role="dialog"
        label={t('grammar.title')}
        align="end"
        trigger={
          <IconButton size={26} label={t('grammar.open')} title={t('grammar.openKey')}>
            <IconHelp size={15} stroke={1.6} aria-hidden="true" />
          </IconButton>
        }
      >
        <div className="grammar-sheet">
          <table aria-label={t('grammar.title')}>
            <tbody>
              {words.map(([written, meaning]) => (
                <tr key={meaning}>
                  <th scope="row" className="mono">
                    {written}
                  </th>
                  <td>{t(`grammar.${meaning}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="quiet">{t('grammar.fields')}</p>
        </div>
      </Dropdown>
    </span>
  );
}

import { IconCopy } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Moment } from '../../ui/time.tsx';
import { ReachCell, TagsCell } from './target-cells.tsx';
import { useCredentialNames } from './target-table.tsx';
import { jumpText, modeText, placeText } from './target-words.ts';

/** All that is known of a target. */
export function TargetFacts({ target }: { target: Target }): ReactElement {
  const { t } = useTranslation();
  return (
    <section aria-label={t('targets.facts')} className="target-facts">
      <dl>
        <Fact name={t('targets.reach')}>
          <ReachCell target={target} />
          {target.lastReach && target.lastReach.message !== '' && (
            <span className="reach-message">{target.lastReach.message}</span>
          )}
        </Fact>
        <Fact name={t('targets.mode')}>{modeText(target)}</Fact>
        <Fact name={t('targets.os')}>{t(`targets.system.${target.os}`)}</Fact>
        {target.connection !== 'local' && <WrittenFacts target={target} />}
        <MachineFacts facts={target.attributes} />
        <MachineFacts facts={target.facts} />
        {target.createdAt > 0 && (
          <Fact name={t('targets.added')}>
            <Moment at={target.createdAt} />
          </Fact>
        )}
        {target.updatedAt > target.createdAt && (
          <Fact name={t('targets.changed')}>
            <Moment at={target.updatedAt} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

/** What people have written of it. */
function WrittenFacts({ target }: { target: Target }): ReactElement {
  const { t } = useTranslation();
  const credentials = useCredentialNames();
  const { credentialId, jump, tags } = target;
  return (
    <>
      <Fact name={t('targets.address')}>
        <span className="mono">{placeText(target)}</span>
        <IconButton size={22} label={t('targets.copyAddress')} onClick={() => void copyText(target.address)}>
          <IconCopy size={14} stroke={1.6} />
        </IconButton>
      </Fact>
      <Fact name={t('targets.field.user')}>{target.user ?? t('targets.userPlaceholder')}</Fact>
      <Fact name={t('targets.field.credentialId')}>
        {credentialId === null ? t('targets.ownKeys') : (credentials.get(credentialId) ?? credentialId)}
      </Fact>
      <Fact name={t('targets.field.become')}>{target.become?.user ?? t('targets.becomePlaceholder')}</Fact>
      <Fact name={t('targets.jump')}>
        {jump.length === 0 ? t('targets.direct') : <span className="mono">{jumpText(jump)}</span>}
      </Fact>
      <Fact name={t('targets.tags')}>{tags.length === 0 ? t('targets.noTags') : <TagsCell target={target} />}</Fact>
      {target.weakAlgorithms && <Fact name={t('targets.weakAlgorithms')}>{t('targets.weakMeans')}</Fact>}
    </>
  );
}

function MachineFacts({ facts }: { facts: Readonly<Record<string, string>> }): ReactElement[] {
  return Object.entries(facts).map(([name, value]) => (
    <Fact key={name} name={name} isMachine>
      {value}
    </Fact>
  ));
}

type FactProps = { name: string; isMachine?: boolean; children: ReactNode };

function Fact({ name, isMachine = false, children }: FactProps): ReactElement {
  return (
    <div>
      <dt className={isMachine ? 'mono' : undefined}>{name}</dt>
      <dd className={isMachine ? 'mono' : undefined}>{children}</dd>
    </div>
  );
}

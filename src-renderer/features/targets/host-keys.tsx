import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostKey } from '#contract/host-key';
import type { Target } from '#contract/target';
import { useAct, useCall } from '../../client/use-call.ts';
import { copyText } from '../../ui/copy-text.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Ago } from '../../ui/time.tsx';
import { addressText } from './target-words.ts';

/** What is asked about before it is done. */
type Asked = { readonly what: 'replace' | 'remove'; readonly key: HostKey } | null;

/** The keys that the machine at this address showed: those that are trusted, and those that wait for a person. */
export function HostKeys({ target }: { target: Target }): ReactElement {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, error } = useCall('hostkey.list', { address: target.address });
  const accept = useAct('hostkey.accept');
  const remove = useAct('hostkey.remove');
  const [asked, setAsked] = useState<Asked>(null);
  const keys = (data?.keys ?? []).filter(({ port }) => port === target.port);
  const done = { onSettled: () => void queries.invalidateQueries({ queryKey: ['hostkey.list'] }) };
  const take = (key: HostKey): void =>
    key.replaces === null ? accept.mutate({ ids: [key.id] }, done) : setAsked({ what: 'replace', key });
  const failed = error ?? accept.error ?? remove.error;
  return (
    <section aria-label={t('targets.hostKeys')} className="host-keys">
      <h2>{t('targets.hostKeys')}</h2>
      {failed && <ErrorNotice error={failed} />}
      {data && keys.length === 0 && <p className="quiet">{t('targets.noHostKeys')}</p>}
      <ul>
        {keys.map((key) => (
          <li key={key.id} className={key.state === 'offered' ? 'key-offered' : undefined}>
            <KeyRow hostKey={key} onAccept={() => take(key)} onRemove={() => setAsked({ what: 'remove', key })} />
          </li>
        ))}
      </ul>
      {asked?.what === 'replace' && (
        <ReplaceDialog
          hostKey={asked.key}
          onClose={() => setAsked(null)}
          onReplace={() => accept.mutate({ ids: [asked.key.id], replace: true }, done)}
        />
      )}
      {asked?.what === 'remove' && (
        <ForgetDialog
          hostKey={asked.key}
          onClose={() => setAsked(null)}
          onForget={() => remove.mutate({ ids: [asked.key.id] }, done)}
        />
      )}
    </section>
  );
}

type KeyRowProps = { hostKey: HostKey; onAccept: () => void; onRemove: () => void };

function KeyRow({ hostKey, onAccept, onRemove }: KeyRowProps): ReactElement {
  const { t } = useTranslation();
  const { state, type, fingerprint, replaces, acceptedBy, seenAt } = hostKey;
  const isOffered = state === 'offered';
  return (
    <>
      <span className="key-words">
        <strong>
          {t(isOffered ? (replaces === null ? 'targets.keyNew' : 'targets.keyChanged') : 'targets.keyTrusted')}
        </strong>
        <span className="quiet">{type}</span>
        <span className="quiet">
          {acceptedBy !== null && t('targets.keyBy', { name: acceptedBy })} <Ago at={seenAt} />
        </span>
      </span>
      <button
        type="button"
        className="fingerprint mono"
        title={t('targets.copyFingerprint')}
        onClick={() => void copyText(fingerprint)}
      >
        {fingerprint}
      </button>
      {replaces !== null && isOffered && (
        <span className="key-replaces">
          {t('targets.keyReplaces')} <span className="mono">{replaces}</span>
        </span>
      )}
      <span className="key-buttons">
        {isOffered && (
          <Button size="compact-xs" variant={replaces === null ? 'filled' : 'default'} onClick={onAccept}>
            {t(replaces === null ? 'targets.keyAccept' : 'targets.keyReplace')}
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove}>
          {t('targets.keyRemove')}
        </Button>
      </span>
    </>
  );
}

type ReplaceProps = { hostKey: HostKey; onClose: () => void; onReplace: () => void };

/** A changed key is what a new machine looks like, and what an attacker looks like. */
function ReplaceDialog({ hostKey, onClose, onReplace }: ReplaceProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      centered
      size="lg"
      onClose={onClose}
      title={t('targets.replaceTitle', { place: addressText(hostKey) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="target-dialog">
        <p>{t('targets.replaceMeans')}</p>
        <dl className="key-compare">
          <dt>{t('targets.keyTrusted')}</dt>
          <dd className="mono">{hostKey.replaces}</dd>
          <dt>{t('targets.keyShown')}</dt>
          <dd className="mono">{hostKey.fingerprint}</dd>
        </dl>
        <div className="dialog-choices">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('targets.keyKeep')}
          </Button>
          <Button
            color="red.8"
            onClick={() => {
              onClose();
              onReplace();
            }}
          >
            {t('targets.replaceConfirm')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

type ForgetProps = { hostKey: HostKey; onClose: () => void; onForget: () => void };

function ForgetDialog({ hostKey, onClose, onForget }: ForgetProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={t('targets.forgetTitle', { place: addressText(hostKey) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="target-dialog">
        <p>{t(hostKey.state === 'accepted' ? 'targets.forgetMeans' : 'targets.forgetOffered')}</p>
        <p className="mono">{hostKey.fingerprint}</p>
        <div className="dialog-choices">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('targets.keyKeep')}
          </Button>
          <Button
            color="red.8"
            onClick={() => {
              onClose();
              onForget();
            }}
          >
            {t('targets.keyRemove')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

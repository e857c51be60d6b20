import { Button } from '@mantine/core';
import { IconCopy, IconRefresh, IconShieldCheck } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '#contract';
import type { HostKey } from '#contract/host-key';
import type { HostRow, Run } from '#contract/run';
import { useAct, useCall } from '../../client/use-call.ts';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { shellWord } from '../../ui/shell-word.ts';
import { keysOfRefused, machineText, trustedSince } from './refused-keys.ts';
import './host-key-question.css';

type HostKeyQuestionProps = {
  /** One that has ended. */
  run: Run;
  hosts: readonly HostRow[];
  /** The login for the run again; what was given before is not stored. */
  login?: (() => InputOf<'run.rerun'>['login']) | undefined;
  onStarted: (no: number) => void;
};

/** What one call of the contract takes. */
const mostIds = 10_000;

const offered = { state: 'offered' } as const;
const accepted = { state: 'accepted' } as const;

/**
 * After a run whose machines showed keys that nobody has trusted yet: one question with all fingerprints, whose yes trusts
 * them and runs on exactly those targets again. A changed key is shown beside it with both fingerprints, and never offered.
 * Targets whose keys were trusted since are offered to be run again.
 */
export function HostKeyQuestion({ run, hosts, login, onStarted }: HostKeyQuestionProps): ReactElement | null {
  const refused = hosts.filter(({ reason }) => reason === 'host-key');
  const enabled = refused.length > 0;
  const { data, error } = useCall('hostkey.list', offered, { enabled, staleTime: 0 });
  const { unknown, changed, trustable } = keysOfRefused(refused, data?.keys ?? [], run);
  const asked = new Set(trustable);
  const others = refused.filter((row) => !asked.has(row));
  const known = useCall('hostkey.list', accepted, { enabled: data !== undefined && others.length > 0, staleTime: 0 });
  if (!enabled) {
    return null;
  }
  const since = trustedSince(others, known.data?.keys ?? []);
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {since.length > 0 && <TrustedSince {...{ run, login, onStarted }} targets={since} />}
      {unknown.length > 0 && <Unknown {...{ run, login, onStarted, trustable }} keys={unknown} />}
      {changed.length > 0 && <Changed keys={changed} />}
    </>
  );
}

type UnknownProps = Omit<HostKeyQuestionProps, 'hosts'> & {
  keys: readonly HostKey[];
  trustable: readonly HostRow[];
};

function Unknown({ run, login, onStarted, keys, trustable }: UnknownProps): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const accept = useAct('hostkey.accept');
  const rerun = useAct('run.rerun');
  const mayAccept = !['viewer', 'operator'].includes(node?.actor.role ?? '');
  const trust = async (): Promise<void> => {
    for (let from = 0; from < keys.length; from += mostIds) {
      await accept.mutateAsync({ ids: keys.slice(from, from + mostIds).map(({ id }) => id) });
    }
    const given = login?.();
    const again = { run: run.no, hosts: trustable.map(({ host }) => host), ...(given && { login: given }) };
    onStarted((await rerun.mutateAsync(again)).no);
  };
  const isBusy = accept.isPending || rerun.isPending;
  const error = accept.error ?? rerun.error;
  return (
    <section className="host-keys" aria-label={t('hostKeys.title', { count: trustable.length })}>
      <p>
        <strong>{t('hostKeys.title', { count: trustable.length })}</strong>
        <span>{t('hostKeys.compare')}</span>
      </p>
      <KeyTable keys={keys} />
      {error && <ErrorNotice error={error} />}
      {mayAccept ? (
        <Button
          leftSection={<IconShieldCheck size={14} stroke={1.7} aria-hidden="true" />}
          loading={isBusy}
          // What went wrong stands above.
          onClick={() => void trust().catch(() => undefined)}
        >
          {t('hostKeys.trust', { count: keys.length })}
        </Button>
      ) : (
        <p className="quiet">{t('hostKeys.noRight')}</p>
      )}
    </section>
  );
}

type TrustedProps = Omit<HostKeyQuestionProps, 'hosts'> & { targets: readonly HostRow[] };

function TrustedSince({ run, login, onStarted, targets }: TrustedProps): ReactElement {
  const { t } = useTranslation();
  const rerun = useAct('run.rerun');
  const count = targets.length;
  const again = (): void => {
    const given = login?.();
    const hosts = targets.map(({ host }) => host);
    rerun.mutate({ run: run.no, hosts, ...(given && { login: given }) }, { onSuccess: ({ no }) => onStarted(no) });
  };
  return (
    <section className="host-keys" aria-label={t('trusted.title', { count })}>
      <p>
        <strong>{t('trusted.title', { count })}</strong>
      </p>
      {rerun.error && <ErrorNotice error={rerun.error} />}
      <Button
        leftSection={<IconRefresh size={14} stroke={1.7} aria-hidden="true" />}
        loading={rerun.isPending}
        onClick={again}
      >
        {t('trusted.again', { count })}
      </Button>
    </section>
  );
}

function KeyTable({ keys }: { keys: readonly HostKey[] }): ReactElement {
  const { t } = useTranslation();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by keyboard
    <div className="host-key-list" role="region" aria-label={t('hostKeys.list')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('hostKeys.machine')}</th>
            <th scope="col">{t('hostKeys.type')}</th>
            <th scope="col">{t('hostKeys.fingerprint')}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td>{machineText(key)}</td>
              <td className="quiet">{key.type}</td>
              <td className="mono">{key.fingerprint}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Changed({ keys }: { keys: readonly HostKey[] }): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const data = node === null ? '' : ` --data ${shellWord(node.dataFolder)}`;
  return (
    <section
      className="host-keys host-keys-changed"
      role="alert"
      aria-label={t('hostKeys.changed', { count: keys.length })}
    >
      <p>
        <strong>{t('hostKeys.changed', { count: keys.length })}</strong>
        <span>{t('hostKeys.changedText')}</span>
      </p>
      <ul>
        {keys.map((key) => {
          const command = `drover hostkey accept --replace ${shellWord(machineText(key))}${data}`;
          return (
            <li key={key.id}>
              <strong>{machineText(key)}</strong>
              <span>{t('hostKeys.trusted', { fingerprint: key.replaces ?? '' })}</span>
              <span>{t('hostKeys.shown', { fingerprint: key.fingerprint, type: key.type })}</span>
              <span className="host-key-command">
                <code>{command}</code>
                <IconButton size={20} label={t('output.copyRemedy')} onClick={() => void copyText(command)}>
                  <IconCopy size={14} stroke={1.6} aria-hidden="true" />
                </IconButton>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

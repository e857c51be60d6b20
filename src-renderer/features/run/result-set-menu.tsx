import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { handHosts } from '../../client/handed-hosts.ts';
import { resultsUrl } from '../../client/index.ts';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Menu, MenuDownload, MenuItem, MenuLabel, MenuLine } from '../../ui/menu.tsx';
import { whereOfHosts } from '../../ui/where-of.ts';
import { commandLineOf, startCurlOf } from './copy-as.ts';
import { type ListForm, listText, rerunCommand, rerunCurl, resultsOf, savedOf } from './host-set.ts';
import { allows } from './run-actions.ts';
import { type RunActions, useRunActions } from './use-run-actions.ts';

type ResultSetProps = {
  run: Run;
  detail: RunDetail | undefined;
  /** The targets it is about, at least one. */
  hosts: readonly HostRow[];
  /** What the set is called: a state, a reason, a group, `12 ticked`. */
  label: string;
};

/** What can be done with any set of a run's targets. */
export function ResultSetMenu({ label, ...set }: ResultSetProps): ReactElement {
  const { t } = useTranslation();
  // Not inside the menu: it is gone before the answer is there.
  const actions = useRunActions(set.run.no);
  return (
    <Menu
      label={t('resultSet.of', { label })}
      align="end"
      trigger={
        <Button
          variant="default"
          size="compact-sm"
          disabled={set.hosts.length === 0}
          rightSection={<IconChevronDown size={14} stroke={1.6} aria-hidden="true" />}
        >
          {label}
        </Button>
      }
    >
      <ResultSetItems {...set} actions={actions} />
    </Menu>
  );
}

type SetProps = Omit<ResultSetProps, 'label'>;

function ResultSetItems({ run, detail, hosts, actions }: SetProps & { actions: RunActions }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const places = hosts.map(({ host }) => host);
  return (
    <>
      {allows(run, 'rerun') ? (
        <MenuItem onClick={() => actions.rerun(places)}>{t('resultSet.again', { count: hosts.length })}</MenuItem>
      ) : (
        <MenuLabel>{t('resultSet.againLater')}</MenuLabel>
      )}
      <MenuItem
        onClick={() => void navigate({ to: '/quick', search: { from: run.no, hosts: handHosts(run.no, places) } })}
      >
        {t('resultSet.quick')}
      </MenuItem>
      <MenuLine />
      <CopyForms hosts={hosts} />
      <MenuLine />
      <ExportItems {...{ run, detail, hosts }} />
    </>
  );
}

const forms = [
  ['names', 'resultSet.copyNames'],
  ['commas', 'resultSet.copyCommas'],
  ['addresses', 'resultSet.copyAddresses'],
  ['folded', 'resultSet.copyFolded'],
] as const satisfies readonly (readonly [ListForm, string])[];

function CopyForms({ hosts }: { hosts: readonly HostRow[] }): ReactElement {
  const { t } = useTranslation();
  const saved = savedOf(hosts).length;
  const copy = (form: ListForm, count: number): void =>
    void copyText(listText(hosts, form), t('resultSet.copied', { count }));
  return (
    <>
      <MenuLabel>{t('resultSet.copy')}</MenuLabel>
      {forms.map(([form, words]) => (
        <MenuItem key={form} onClick={() => copy(form, hosts.length)}>
          {t(words)}
        </MenuItem>
      ))}
      {saved > 0 && (
        <MenuItem onClick={() => copy('selector', saved)}>{t('resultSet.copySelector', { count: saved })}</MenuItem>
      )}
    </>
  );
}

function ExportItems({ run, detail, hosts }: SetProps): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const dataFolder = node?.dataFolder ?? '.';
  const query = resultsOf(run, hosts);
  const again = { no: run.no, hosts, dataFolder };
  const place = { dataFolder, where: whereOfHosts(hosts) };
  // A run that lives cannot be run again yet, but the same can be started anew.
  const anew = !allows(run, 'rerun') && detail;
  return (
    <>
      {query === null ? (
        <MenuLabel>{t('resultSet.csvTooScattered', { no: run.no })}</MenuLabel>
      ) : (
        <MenuDownload href={resultsUrl(query)}>{t('resultSet.csv')}</MenuDownload>
      )}
      <MenuItem onClick={() => void copyText(anew ? commandLineOf(anew, place) : rerunCommand(again))}>
        {t('resultSet.copyCli')}
      </MenuItem>
      <MenuItem onClick={() => void copyText(anew ? startCurlOf(anew, place) : rerunCurl(again))}>
        {t('resultSet.copyCurl')}
      </MenuItem>
    </>
  );
}

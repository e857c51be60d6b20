import { enDesktop } from './en-desktop.ts';
import { enErrors } from './en-errors.ts';
import { enFrame } from './en-frame.ts';
import { enGroups } from './en-groups.ts';
import { enQuick } from './en-quick.ts';
import { enPurged } from './en-retention.ts';
import { enRun } from './en-run.ts';
import { enRuns } from './en-runs.ts';

/** The texts that the first load holds; pages that are fetched later bring their own. */
export const enFirst = {
  ...enRun,
  ...enQuick,
  ...enFrame,
  ...enDesktop,
  ...enGroups,
  ...enRuns,
  ...enPurged,
  errors: enErrors,
  product: 'Drover',
  title: '{{page}} · Drover',
  titleLive: '({{count}}) {{page}} · Drover',
  common: {
    close: 'Close',
    copied: 'Copied',
    copy: 'Copy',
    copyFailed: 'The browser did not allow copying. Select the text and press Ctrl+C.',
    retry: 'Try again',
    actions: 'Actions',
    dash: '–',
    loading: 'Loading',
    skip: 'Skip to the page',
    thisMachine: 'This machine',
    unlockSecrets: 'Unlock secrets',
  },
  connection: {
    lost: 'The connection to the engine is lost.',
    nothingLost: 'Nothing typed here is lost; this page catches up by itself when the engine is back.',
    tryingIn_one: 'Trying again in {{count}} second (try {{attempt}})',
    tryingIn_other: 'Trying again in {{count}} seconds (try {{attempt}})',
    tryingNow: 'Trying again now (try {{attempt}})',
    tryNow: 'Try now',
    stopping: 'The engine is stopping and starts nothing new.',
    stoppingNext: 'Runs that are live go on for a while. This page goes on by itself when the engine is up again.',
    trouble: 'This node takes no new runs: {{trouble}}',
  },
  signedOut: {
    title: 'Not signed in',
    text: 'This browser holds no valid session of this node. On the machine where Drover runs, ask for a fresh link and open it here:',
    command: 'drover link',
    hint: 'The link works once, within ten minutes. What you have typed in Quick execute is kept.',
  },
  enter: {
    working: 'Signing in',
    usedTitle: 'This link no longer works',
    usedText: 'It has expired or was used before. Ask for a fresh one where Drover runs:',
    unreachableTitle: 'The engine did not answer',
    unreachableText: 'The link was not used. Try again, or ask for a fresh one:',
    waitTitle: 'Too many tries',
    waitText: 'Too many links were tried from this address. Wait a minute and try again; this link was not used.',
    ownPage: 'Sign-in links are for the browser; this window is signed in already.',
    goOn: 'Go to Quick execute',
  },
} as const;

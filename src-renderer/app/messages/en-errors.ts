import type { ErrorCode } from '#contract/errors';

type ErrorText = { readonly what: string; readonly next: string };

/** What happened and what to do next; the engine's own sentence stands between the two. */
export const enErrors = {
  'access-denied': { what: 'You may not do this', next: 'Ask an administrator of this node for the right.' },
  'archive-corrupt': {
    what: 'The archive is damaged',
    next: 'Stop Drover, keep a copy of the data folder and restore the latest backup.',
  },
  'archive-locked': {
    what: 'Another program holds the archive',
    next: 'Close the other Drover on the same data folder, then try again.',
  },
  'archive-newer': {
    what: 'The archive was written by a newer Drover',
    next: 'Start the newer version, or restore a backup made by this one.',
  },
  'archive-read-only': {
    what: 'The archive cannot be written',
    next: 'Check the rights and the disk of the data folder on the node.',
  },
  'bad-input': { what: 'The engine did not accept the input', next: 'Change the named field and try again.' },
  'bad-key': {
    what: 'The private key cannot be used',
    next: 'Check that it is a whole private key and that its passphrase is right.',
  },
  'bad-parameter': {
    what: 'A parameter is missing or wrong',
    next: 'Mend the script or the named parameter and run again.',
  },
  'bad-selector': {
    what: 'The targets cannot be read',
    next: 'Mend them at the named character; names with blanks stand in quotes.',
  },
  'changed-meanwhile': {
    what: 'It has changed meanwhile',
    next: 'Look at it as it is now, then do it again.',
  },
  'credential-in-use': {
    what: 'The credential is in use',
    next: 'Give the named targets another credential first.',
  },
  'data-folder': {
    what: 'The data folder cannot be used',
    next: 'Check that it exists on the node and may be written.',
  },
  'engine-stopping': {
    what: 'The engine is stopping',
    next: 'Wait until it is up again; this page goes on by itself.',
  },
  'engine-unreachable': {
    what: 'The engine does not answer',
    next: 'Nothing was lost here. Try again when the connection is back.',
  },
  'foreign-origin': {
    what: 'The engine refused this address',
    next: 'Open Drover by the address that “drover link” prints.',
  },
  internal: { what: 'Something went wrong in the engine', next: 'Try again; the log of the node has the details.' },
  'link-expired': { what: 'This link no longer works', next: 'Run “drover link” for a fresh one.' },
  'name-taken': { what: 'The name is taken', next: 'Choose another name.' },
  'no-space': {
    what: 'The disk of the node is full',
    next: 'Free some space on the disk of the data folder; runs can then start again.',
  },
  'no-targets': { what: 'No target was chosen', next: 'Choose at least one target.' },
  'not-found': { what: 'It does not exist', next: 'Check the number; the list of runs shows what there is.' },
  'not-signed-in': { what: 'You are not signed in', next: 'Run “drover link” on the node and open the link here.' },
  'nothing-to-rerun': { what: 'No target fits', next: 'Choose other targets of this run, or all of them.' },
  'nothing-waits': { what: 'No target waits', next: 'Let it end, or cancel the run.' },
  'old-node': {
    what: 'The node runs on an old Node.js',
    next: 'Start Drover with the version that its message names.',
  },
  'output-purged': {
    what: 'The output was removed by policy',
    next: 'The record stays. Settings, Limits say how long output is kept from now on.',
  },
  'queue-full': {
    what: 'Too many runs wait already',
    next: 'Wait until some have ended, or cancel some, then try again.',
  },
  'run-is-cancelling': {
    what: 'The run is being cancelled already',
    next: 'Wait until the targets have stopped, or kill what is left.',
  },
  'run-is-final': { what: 'The run has ended', next: 'Nothing is left to stop. Run it again if you need to.' },
  'run-is-live': { what: 'The run has not ended', next: 'Wait until it has ended, or cancel it first.' },
  'script-empty': { what: 'There is nothing to run', next: 'Type a script first.' },
  'script-nul': { what: 'The script contains a NUL character', next: 'Remove it; no interpreter can read it.' },
  'script-too-large': { what: 'The script is too large', next: 'Put the data into a file and let the script read it.' },
  'secrets-locked': {
    what: 'The stored secrets are locked',
    next: 'Open them with “drover unlock” on the node; targets that need no stored secret work meanwhile.',
  },
  'too-large': { what: 'The request is too large', next: 'Shorten the script, its arguments or its standard input.' },
  'too-many-tries': {
    what: 'Too many tries',
    next: 'Wait a minute, then try again.',
  },
  'unknown-credential': {
    what: 'A credential is missing',
    next: 'Give it again, or choose another credential for the target.',
  },
  'unknown-interpreter': {
    what: 'The interpreter is not known',
    next: 'Choose another language, or change the first line of the script.',
  },
  'unknown-target': { what: 'A target is not known', next: 'Choose from the targets that exist.' },
  'vault-damaged': {
    what: 'The stored secrets are damaged',
    next: 'Restore the data folder from a backup, or enter the secrets of the named credentials again.',
  },
} as const satisfies Partial<Record<ErrorCode, ErrorText>>;

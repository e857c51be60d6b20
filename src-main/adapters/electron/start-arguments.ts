import { DroverError } from '#contract/errors';
import { linkIn } from './drover-link.ts';
import { words } from './words.ts';

type StartArguments = {
  /** The data folder, as it was written. */
  readonly data: string | undefined;
  /** Starts in the tray, without a window. */
  readonly hidden: boolean;
  readonly link: string | undefined;
};

/**
 * What the desktop application was started with. Whatever stands behind a link was perhaps written by whoever wrote the
 * link, and is not read. Throws DroverError `bad-input` for `--data` without a folder.
 */
export function readStartArguments(argv: readonly string[]): StartArguments {
  const link = linkIn(argv);
  const own = link === undefined ? argv : argv.slice(0, argv.indexOf(link));
  const place = own.findIndex((argument) => argument === '--data' || argument.startsWith('--data='));
  const named = own[place]?.slice('--data='.length) || own[place + 1];
  if (place >= 0 && (named === undefined || named.startsWith('-'))) {
    throw new DroverError('bad-input', words.start.dataMissing);
  }
  return { data: place >= 0 ? named : undefined, hidden: own.includes('--hidden'), link };
}

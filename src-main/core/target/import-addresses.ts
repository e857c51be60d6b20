import { DroverError } from '#contract/errors';
import { type FoundTarget, mostTargets, tooManyTargets, unusable } from './found-target.ts';
import { parseAddresses } from './parse-addresses.ts';

/** Targets of a list of addresses in any habit; a line that cannot be read is a row that says why. */
export function findAddresses(text: string): FoundTarget[] {
  try {
    return toTargets(parseAddresses(text));
  } catch (error) {
    if (!(error instanceof DroverError) || error.code === 'too-large') {
      throw error;
    }
  }
  // One bad line must not hide the others.
  const found: FoundTarget[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    found.push(...findInLine(line, index + 1));
    if (found.length > mostTargets) {
      throw tooManyTargets();
    }
  }
  return found;
}

function findInLine(line: string, number: number): FoundTarget[] {
  try {
    return toTargets(parseAddresses(line).map((address) => ({ ...address, line: number })));
  } catch (error) {
    if (!(error instanceof DroverError)) {
      throw error;
    }
    // The word as the refusal shows it: what may be a password in it is hidden there.
    const word = error.detail?.['word'];
    return [unusable(number, typeof word === 'string' ? word : `line ${number}`, error.message)];
  }
}

function toTargets(addresses: ReturnType<typeof parseAddresses>): FoundTarget[] {
  return addresses.map(({ line, user, address, port }) => ({
    line,
    label: address,
    named: false,
    address,
    fields: { ...(user !== null && { user }), ...(port !== null && { port }) },
    problem: null,
    local: false,
  }));
}

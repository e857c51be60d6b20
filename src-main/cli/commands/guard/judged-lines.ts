import { createInterface } from 'node:readline';
import { DroverError } from '#contract/errors';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';

type Line = Readonly<Record<string, unknown>>;

/** Answers one JSON object for each that stands on a line of stdin, in order. */
export async function judgeLines(session: Session, judge: (line: Line) => object): Promise<void> {
  let number = 0;
  for await (const text of createInterface({ input: session.host.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() !== '') {
      const line = readLine(text, number);
      const from = session.host.clock.monotonic();
      const answer = judge(line);
      const ms = Math.round((session.host.clock.monotonic() - from) * 1_000) / 1_000;
      session.out.write(jsonLine({ id: line['id'] ?? null, ...answer, ms }));
    }
  }
}

function readLine(text: string, number: number): Line {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Line;
    }
  } catch (error) {
    throw new DroverError('bad-input', `Line ${number} of stdin is not JSON`, { cause: error });
  }
  throw new DroverError('bad-input', `Line ${number} of stdin is not a JSON object`);
}

/** A text field of such an object; DroverError `bad-input` where it is needed and missing. */
export function textField(line: Line, name: string): string {
  const value = line[name];
  if (typeof value !== 'string') {
    throw new DroverError('bad-input', `The field ${name} is missing or no text`);
  }
  return value;
}

export function optionalText(line: Line, name: string): string | undefined {
  return line[name] === undefined || line[name] === null ? undefined : textField(line, name);
}

/** The system a line is about. */
export function osField(line: Line): 'linux' | 'windows' {
  const os = optionalText(line, 'os') ?? 'linux';
  if (os !== 'linux' && os !== 'windows') {
    throw new DroverError('bad-input', `The field os is ${os}; it may be linux or windows`);
  }
  return os;
}

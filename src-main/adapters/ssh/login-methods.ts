import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type BaseAgent, type ParsedKey } from 'ssh2';
import type { LoginSecrets } from '#core/ports-reach';
import { readPrivateKey } from './private-key.ts';

/** OpenSSH's sshd closes after six tries. */
const mostTries = 6;
/** An agent that does not answer is done without after so many milliseconds. */
const agentMs = 2_000;

/** Ways to log in, in the order they are tried, each with the words for it. */
export type LoginMethod = { readonly words: string; readonly method: AnyAuthMethod };

export type LoginNeeds = {
  /** Of the node account's ssh-agent; undefined when there is none. */
  readonly agentSocket: string | undefined;
};

/**
 * What can be tried with these secrets: keys, the agent, key files of the account, then the password, which also answers
 * keyboard-interactive. Key files that are missing or need a passphrase are left out.
 */
export async function loginMethods(
  user: string,
  secrets: LoginSecrets,
  { agentSocket }: LoginNeeds,
): Promise<LoginMethod[]> {
  const given = secrets.keys.flatMap(({ privateKey, passphrase }) => keyOf(privateKey, passphrase) ?? []);
  const files = await Promise.all(secrets.identityFiles.map(keyInFile));
  const fromFiles = files.flatMap((key) => key ?? []);
  const { password } = secrets;
  let left = mostTries - (password === null ? 0 : 1);
  const take = <T>(all: readonly T[], reserved = 0): T[] => {
    const taken = all.slice(0, Math.max(left - reserved, Math.min(left, 1)));
    left -= taken.length;
    return taken;
  };
  const givenKeys = take(given);
  const held = secrets.agent && agentSocket ? await heldKeys(agentSocket, fromFiles) : undefined;
  const alone = fromFiles.filter((key) => !held?.keys.some((other) => isSame(key, other)));
  const fromAgent = take(held?.keys ?? [], alone.length);
  const fileKeys = take(alone);
  const agent: LoginMethod[] =
    held && fromAgent.length > 0
      ? [
          {
            words: 'the keys of the ssh-agent',
            method: { type: 'agent', username: user, agent: new FewKeys(held.agent, fromAgent) },
          },
        ]
      : [];
  const byKey = (key: ParsedKey): LoginMethod => ({
    words: `the ${key.type.replace(/^ssh-/, '')} key`,
    method: { type: 'publickey', username: user, key },
  });
  const byPassword: LoginMethod[] =
    password === null
      ? []
      : [
          { words: 'the password', method: { type: 'password', username: user, password } },
          {
            words: 'the password (keyboard-interactive)',
            method: { type: 'keyboard-interactive', username: user, prompt: answerOnce(password) },
          },
        ];
  return [...givenKeys.map(byKey), ...agent, ...fileKeys.map(byKey), ...byPassword];
}

/**
 * Takes the next way out of `waiting` that the machine leaves open; `left` is null before its first answer. A password that
 * was refused is not given a second time by keyboard-interactive.
 */
export function nextMethod(waiting: LoginMethod[], left: readonly string[] | null): LoginMethod | undefined {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { type } = next.method;
    const name = type === 'agent' ? 'publickey' : type;
    const isRepeated = type === 'keyboard-interactive' && left?.includes('password');
    if (!left || (left.includes(name) && !isRepeated)) {
      return next;
    }
  }
  return undefined;
}

const isParsed = (key: object): key is ParsedKey => 'getPublicSSH' in key;

const isSame = (one: ParsedKey, other: ParsedKey): boolean => one.getPublicSSH().equals(other.getPublicSSH());

/** The keys that an agent holds, those of `files` first; undefined when it does not answer. */
async function heldKeys(
  socket: string,
  files: readonly ParsedKey[],
): Promise<{ agent: BaseAgent<ParsedKey>; keys: ParsedKey[] } | undefined> {
  const agent = new ssh2.OpenSSHAgent(socket);
  const keys = await new Promise<ParsedKey[] | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), agentMs);
    agent.getIdentities((error, identities) => {
      clearTimeout(timer);
      resolve(error ? undefined : identities?.filter(isParsed));
    });
  });
  const isOfFile = (key: ParsedKey): boolean => files.some((file) => isSame(file, key));
  return keys && { agent, keys: [...keys.filter(isOfFile), ...keys.filter((key) => !isOfFile(key))] };
}

/** An agent that is known for some of its keys only, so that they do not use up all tries. */
class FewKeys extends ssh2.BaseAgent<ParsedKey> {
  readonly sign: BaseAgent<ParsedKey>['sign'];
  readonly #keys: ParsedKey[];

  constructor(agent: BaseAgent<ParsedKey>, keys: ParsedKey[]) {
    super();
    this.#keys = keys;
    this.sign = agent.sign.bind(agent);
  }

  getIdentities(told: (error: Error | null | undefined, keys?: ParsedKey[]) => void): void {
    told(undefined, this.#keys);
  }
}

/** An encrypted key takes hundreds of milliseconds to open, so opened ones are kept until none was asked for a while. */
const mostOpened = 200;
const keptMs = 60_000;
const opened = new Map<string, ParsedKey | undefined>();
let forgetting: NodeJS.Timeout | undefined;

/** Undefined for what is no usable private key; a run is told so when it starts, here it only has one way less. */
function keyOf(text: string, passphrase: string | undefined): ParsedKey | undefined {
  const name = createHash('sha256')
    .update(JSON.stringify([text, passphrase]))
    .digest('hex');
  if (!opened.has(name)) {
    const [oldest] = opened.size < mostOpened ? [] : opened.keys();
    opened.delete(oldest ?? '');
    opened.set(name, tryKey(text, passphrase));
  }
  clearTimeout(forgetting);
  forgetting = setTimeout(() => opened.clear(), keptMs);
  forgetting.unref();
  return opened.get(name);
}

function tryKey(text: string, passphrase: string | undefined): ParsedKey | undefined {
  try {
    return readPrivateKey(text, passphrase);
  } catch {
    return undefined;
  }
}

async function keyInFile(path: string): Promise<ParsedKey | undefined> {
  try {
    return keyOf(await readFile(path, 'utf8'), undefined);
  } catch {
    return undefined;
  }
}

type Answer = Extract<AnyAuthMethod, { type: 'keyboard-interactive' }>['prompt'];

/** Gives the password to hidden questions of the first round only: who asks again did not take it. */
function answerOnce(password: string): Answer {
  let asked = false;
  return (...words) => {
    const [, , , prompts, finish] = words;
    const answers = prompts.map(({ echo }) => (asked || echo ? '' : password));
    asked = asked || prompts.length > 0;
    finish(answers);
  };
}

import { DroverError } from '#contract/errors';

type Values = {
  /** By their letter. */
  readonly tokens: Readonly<Record<string, string>>;
  /** For `${NAME}`; without it that stays as it is. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/** Text with `%x` and `${NAME}` filled in. Throws DroverError `bad-input` for one that has no value. */
export function expandTokens(text: string, { tokens, environment }: Values): string {
  return text.replaceAll(/%(.?)|\$\{([^}]*)\}/gs, (token: string, letter?: string, name?: string) => {
    if (letter === '%') {
      return '%';
    }
    if (name !== undefined && !environment) {
      return token;
    }
    const value =
      name !== undefined ? environment?.[name] : Object.hasOwn(tokens, letter ?? '') && tokens[letter ?? ''];
    if (typeof value !== 'string') {
      throw new DroverError('bad-input', `ssh_config says "${text}", and ${token} has no value here; write it out.`);
    }
    return value;
  });
}

import type { TargetImport } from '#contract/target';
import { DroverError } from '#contract/errors';
import { noPrograms } from './import-ansible-yaml.ts';

/** The format of a text; throws DroverError `bad-input` for programs and encrypted files. */
export function detectFormat(text: string, format: TargetImport['format']): Exclude<TargetImport['format'], 'auto'> {
  const isAnsible = format === 'auto' || format.startsWith('ansible');
  if (isAnsible && text.startsWith('#!')) {
    throw new DroverError('bad-input', noPrograms);
  }
  if (isAnsible && text.startsWith('$ANSIBLE_VAULT;')) {
    throw new DroverError(
      'bad-input',
      'The whole text is encrypted with ansible-vault: import what `ansible-vault view FILE` prints',
    );
  }
  return format === 'auto' ? guess(text) : format;
}

function guess(text: string): Exclude<TargetImport['format'], 'auto'> {
  if (/^[ \t]*(?:Host|Match)(?:[ \t]+|[ \t]*=[ \t]*)\S/im.test(text)) {
    return 'ssh-config';
  }
  if (
    /^(?:---|\s*\{)/.test(text) ||
    /^[ \t]*["']?(?:all|hosts|children|vars|plugin)["']?[ \t]*:(?:[ \t]|$)/m.test(text)
  ) {
    return 'ansible-yaml';
  }
  if (
    /^[ \t]*\[[^:\]\s]+(?::(?:children|vars|hosts))?\][ \t]*(?:[#;].*)?$/m.test(text) ||
    /[ \t]ansible_\w{1,64}=/.test(text)
  ) {
    return 'ansible-ini';
  }
  return 'addresses';
}

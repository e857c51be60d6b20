import type { Bench, Scene } from '../bench.ts';
import { isUnknown } from '../marks.ts';
import { structureRules } from './structure-rules.ts';

/** Variables that make programs load or run something else. */
const loads = new Set([
  'LD_PRELOAD',
  'LD_AUDIT',
  'BASH_ENV',
  'ENV',
  'DYLD_INSERT_LIBRARIES',
  'PYTHONSTARTUP',
  'PERL5OPT',
  'PERL5DB',
]);
const commands = new Set([
  'PROMPT_COMMAND',
  'PAGER',
  'GIT_PAGER',
  'MANPAGER',
  'EDITOR',
  'VISUAL',
  'GIT_EDITOR',
  'GIT_SSH_COMMAND',
  'GIT_SSH',
  'GIT_EXTERNAL_DIFF',
  'SUDO_ASKPASS',
  'SSH_ASKPASS',
  'BROWSER',
  'TAR_OPTIONS',
  'RSYNC_RSH',
  'FZF_DEFAULT_COMMAND',
]);
const prompts = new Set(['PS0', 'PS1', 'PS4']);
const ownLibraries = /^(\/usr)?\/(local\/)?lib(32|64|x32)?\/|^lib[\w.+-]+\.so/;

/** Holds variables that were just set against what they make programs do. */
export function judgeEnvironment(names: readonly string[], scene: Scene, bench: Bench): void {
  for (const name of names) {
    for (const value of scene.state.variable(name).values) {
      judgeVariable(name, value, { scene, bench });
    }
  }
}

function judgeVariable(name: string, value: string, { scene, bench }: { scene: Scene; bench: Bench }): void {
  if (loads.has(name) && value !== '' && !value.split(/[: ]/).every((path) => path === '' || ownLibraries.test(path))) {
    bench.inquiry.hit(structureRules.opaqueLibrary, `${name}=${value}`);
  }
  if (name === 'NODE_OPTIONS' && /--(require|import|loader)\b|(^|\s)-r\s/.test(value)) {
    bench.inquiry.hit(structureRules.opaqueLibrary, `${name}=${value}`);
  }
  if (commands.has(name) && !isUnknown(value) && /\s|[;|&$`]/.test(value)) {
    bench.inquiry.within(() => bench.runText('shell', value, { state: scene.state.copy(), input: { text: null } }));
  }
  if (prompts.has(name) && /\$\(|`/.test(value)) {
    bench.inquiry.within(() =>
      bench.runText('shell', `: "${value}"`, { state: scene.state.copy(), input: { text: null } }),
    );
  }
}

import { builtInRules } from '#core/guard/built-in-rules';
import { judgeScript } from '#core/guard/judge-script';
import { judgePath } from '#core/guard/path/judge-path';
import { languageWords, scriptLanguage } from '#core/guard/script-language';
import type { Guard } from '../cli/host.ts';

/** The judge as the commands use it; the very code that judges runs. */
export const guard: Guard = {
  judge: ({ text, os, shell }) => judgeScript({ text, language: scriptLanguage({ text, os, shell }) }),
  path: judgePath,
  rules: builtInRules,
  shells: languageWords,
};

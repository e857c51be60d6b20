import type { ScriptType } from '#contract/run';

/** One harmless text per language that does something on every machine. It is a script: never translated. */
export const samples: Readonly<Record<ScriptType, string>> = {
  shell: 'uname -a\nuptime\ndf -h /\n',
  python: 'import platform\n\nprint(platform.node(), platform.platform(), "Python", platform.python_version())\n',
  powershell: 'Get-Date\nGet-ComputerInfo -Property CsName, OsName, OsVersion\n',
  bat: '@echo off\r\nver\r\necho %COMPUTERNAME% %USERNAME%\r\n',
  perl: 'use strict;\nuse warnings;\nuse Sys::Hostname;\n\nprintf "%s runs Perl %vd on %s\\n", hostname(), $^V, $^O;\n',
};

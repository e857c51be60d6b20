import { mark } from '../marks.ts';

/** A Windows path as `/C:/WINDOWS/…`, in capitals, as NTFS compares names; undefined when it is no path of a drive. */
export function windowsPath(text: string, folder = `C:\\USERS\\${mark.home}`): string | undefined {
  let path = text
    .replace(/%([\w()]+)%/g, (whole, name: string) => windowsVariables[name.toUpperCase()] ?? whole)
    .trim()
    .replaceAll('/', '\\')
    .replace(/^"|"$/g, '')
    .replace(/^(microsoft\.powershell\.core\\)?filesystem::/i, '')
    .replace(/^\\\\[?.]\\(?:unc\\)?|^\\\?\?\\|^\\device\\/i, '')
    .replace(/^\\+(?=[a-z]:\\)/i, '')
    .replace(/^(file:)\\+/i, '');
  const device = /^(?:\\\\[.?]\\)?((?:physicaldrive|harddisk)\w*)/i.exec(text.replaceAll('/', '\\'));
  if (device) {
    return `/${device[1]?.toUpperCase()}`;
  }
  const share = /^\\\\[^\\]+\\([a-z])\$(.*)$/i.exec(path);
  if (share) {
    path = `${share[1]}:${share[2]}`;
  }
  const admin = /^\\\\[^\\]+\\admin\$(.*)$/i.exec(path);
  if (admin) {
    path = `C:\\Windows${admin[1]}`;
  }
  if (path.startsWith('\\\\') || /^(hk\w+|env|cert|variable|alias|function|wsman):/i.test(path)) {
    return undefined;
  }
  if (!/^[a-z\uFDD0-\uFDD3]:/i.test(path)) {
    path = path.startsWith('\\') ? `C:${path}` : `${folder}\\${path}`;
  } else if (!/^.:\\/.test(path) && path.length > 2) {
    path = `${path.slice(0, 2)}\\${path.slice(2)}`;
  }
  return normal(path.toUpperCase());
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const raw of path.split('\\')) {
    const part = /^\.+$/.test(raw)
      ? raw
      : raw
          .replace(/[. ]+$/, '')
          .replace(/::?\$?[^\\]*$/, (stream, at: number) => (at === 1 && raw.length === 2 ? stream : ''));
    if (part === '..') {
      parts.splice(1, parts.length > 1 ? parts.length - 1 : 0, ...parts.slice(1, -1));
    } else if (part !== '' && part !== '.') {
      parts.push(withPatterns(part));
    }
  }
  return `/${parts.map((part) => shortNames[part] ?? part).join('/')}`;
}

/** `*` and `?` always are patterns here, and `*.*` finds everything. */
function withPatterns(part: string): string {
  return part === '*.*' ? mark.star : part.replaceAll('*', mark.star).replaceAll('?', mark.question);
}

const shortNames: Readonly<Record<string, string>> = {
  'PROGRA~1': 'PROGRAM FILES',
  'PROGRA~2': 'PROGRAM FILES (X86)',
  'PROGRA~3': 'PROGRAMDATA',
  'WINDOW~1': 'WINDOWS',
  'DOCUME~1': 'USERS',
  'DOCUMENTS AND SETTINGS': 'USERS',
  'SYSTEM~1': 'SYSTEM32',
};

const user = `C:\\Users\\${mark.home}`;

/** What variables of the environment hold on a usual machine, by their names in capitals. */
export const windowsVariables: Readonly<Record<string, string>> = {
  SYSTEMROOT: 'C:\\Windows',
  WINDIR: 'C:\\Windows',
  SYSTEMDRIVE: 'C:',
  HOMEDRIVE: 'C:',
  HOMEPATH: `\\Users\\${mark.home}`,
  PROGRAMFILES: 'C:\\Program Files',
  'PROGRAMFILES(X86)': 'C:\\Program Files (x86)',
  PROGRAMW6432: 'C:\\Program Files',
  COMMONPROGRAMFILES: 'C:\\Program Files\\Common Files',
  PROGRAMDATA: 'C:\\ProgramData',
  ALLUSERSPROFILE: 'C:\\ProgramData',
  PUBLIC: 'C:\\Users\\Public',
  USERPROFILE: user,
  HOME: user,
  APPDATA: `${user}\\AppData\\Roaming`,
  LOCALAPPDATA: `${user}\\AppData\\Local`,
  TEMP: `${user}\\AppData\\Local\\Temp`,
  TMP: `${user}\\AppData\\Local\\Temp`,
  COMSPEC: 'C:\\Windows\\System32\\cmd.exe',
  PSHOME: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0',
  OS: 'Windows_NT',
  COMPUTERNAME: mark.some,
  USERNAME: mark.some,
  USERDOMAIN: mark.some,
  DATE: mark.some,
  TIME: mark.some,
  RANDOM: mark.some,
  PATH: 'C:\\Windows\\System32',
  PATHEXT: '.COM;.EXE;.BAT;.CMD',
  CD: mark.some,
  NUMBER_OF_PROCESSORS: '4',
  PROCESSOR_ARCHITECTURE: 'AMD64',
};

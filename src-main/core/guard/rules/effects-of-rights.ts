import { type Call, effects } from './call.ts';
import { readOptions } from './options.ts';
import type { Effect, EffectKind } from './rule.ts';

/** What changing rights, owners and attributes does; undefined for other programs. */
export function changeEffects(call: Call): readonly Effect[] | undefined {
  switch (call.name) {
    case 'chmod':
      return chmodEffects(call);
    case 'chown':
    case 'chgrp':
      return ownerEffects(call);
    case 'setfacl':
      return aclEffects(call);
    case 'chattr':
      return chattrEffects(call);
    case 'chcon':
      return treeOnly(call, 1);
    default:
      return undefined;
  }
}

function chmodEffects(call: Call): Effect[] {
  // A mode such as -x looks like an option.
  const args = call.args.map((word) => (/^-[rwxXst]+$/.test(word) && !/^-R$/.test(word) ? `a${word}` : word));
  const options = readOptions(args, { long: ['reference'] });
  const hasReference = options.has('reference');
  const [mode = '', ...others] = options.operands;
  const paths = hasReference ? options.operands : others;
  if (options.has('R', 'recursive')) {
    return [...effects('mode-tree', paths, call), ...(isSetuid(mode) ? effects('mode-setuid', paths, call) : [])];
  }
  return paths.flatMap((path) => kindsOf(mode, path).flatMap((kind) => effects(kind, [path], call)));
}

function kindsOf(mode: string, path: string): EffectKind[] {
  return [
    ...(isOpen(mode) || revealsSecret(mode, path) ? ['mode-open' as const] : []),
    ...(isClosed(mode) || stopsRunning(mode, path) ? ['mode-closed' as const] : []),
    ...(isSetuid(mode) ? ['mode-setuid' as const] : []),
  ];
}

/** Everybody may write. */
function isOpen(mode: string): boolean {
  return /^[0-7]*[2367]$/.test(mode) || /(^|,)[ug]*(o|a)[ugoa]*[+=][rxXst]*w/.test(mode) || /^\+[rx]*w/.test(mode);
}

/** The owner cannot read it any more. */
function isClosed(mode: string): boolean {
  const octal = /^[0-7]{1,4}$/.test(mode) ? Number(mode.padStart(3, '0').at(-3)) : 7;
  return octal < 4 || /(^|,)[go]*[au][ugoa]*(-[wst]*[rx]|=(,|$))/.test(mode) || /^-[rx]/.test(mode);
}

/** A folder that cannot be entered, a program that cannot be run. */
function stopsRunning(mode: string, path: string): boolean {
  const octal = /^[0-7]{1,4}$/.test(mode) ? Number(mode.padStart(3, '0').at(-3)) : 7;
  return octal % 2 === 0 && /^\/(usr\/)?(s?bin\/|(etc|usr|var|s?bin|lib\w*|root|home)?\/?$)/.test(path);
}

/** What only the system may read. */
function revealsSecret(mode: string, path: string): boolean {
  return /g?shadow$|ssh_host_\w+_key$/.test(path) && (/^[0-7]*[4-7]$/.test(mode) || /[ao][+=][wx]*r|^\+r/.test(mode));
}

function isSetuid(mode: string): boolean {
  const octal = /^0?([4-7])[0-7]{3}$/.exec(mode);
  return octal !== null || /(^|,)(u|a|ug|ugo|uo)?[+=][rwx]*s/.test(mode);
}

function ownerEffects(call: Call): Effect[] {
  const options = readOptions(call.args, { long: ['reference', 'from'] });
  const hasReference = call.args.some((word) => word.startsWith('--ref'));
  const [owner = '', ...others] = options.operands;
  const paths = hasReference ? options.operands : others;
  if (options.has('R', 'recursive')) {
    return effects('owner-tree', paths, call);
  }
  return /^(root|0)?([:.](root|0|shadow|ssl-cert|wheel|sys)?)?$/.test(owner) || call.name === 'chgrp'
    ? []
    : effects('owner', paths, call);
}

function aclEffects(call: Call): Effect[] {
  const options = readOptions(call.args, {
    letters: 'mxMXn',
    long: ['modify', 'remove', 'set', 'set-file', 'restore'],
  });
  return options.has('R', 'recursive') ? effects('mode-tree', options.operands, call) : [];
}

function chattrEffects(call: Call): Effect[] {
  const isTree = call.args.some((word) => /^-[a-zA-Z]*R/.test(word));
  const paths = call.args.filter((word) => !/^[-+=]/.test(word));
  const freezes = call.args.some((word) => /^[+=][a-zA-Z]*i/.test(word));
  return effects(isTree ? 'mode-tree' : 'mode-closed', isTree || freezes ? paths : [], call);
}

function treeOnly(call: Call, from: number): Effect[] {
  const options = readOptions(call.args, { letters: 'turl' });
  return options.has('R', 'recursive')
    ? effects('mode-tree', options.operands.slice(options.has('t', 'u', 'r') ? 0 : from), call)
    : [];
}

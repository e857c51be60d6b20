import type { HereDoc, Redirection } from 'unbash';
import type { Bench, Input, Scene } from '../bench.ts';
import { mark } from '../marks.ts';
import { judgeEffect } from '../rules/judge-effect.ts';
import { pathsOf } from '../rules/linux-path.ts';
import { expandParts, expandText } from './expand-word.ts';

/** Where a command reads from and writes to. */
export type Streams = {
  readonly input: Input;
  /** Path of what takes its output; null when that goes on. */
  readonly output: string | null;
  readonly appends: boolean;
  /** Address of a network connection that is one of its streams. */
  readonly network: string | null;
};

type Opening = { input: Input; output: string | null; appends: boolean; network: string | null };

/** Opens what stands behind `<`, `>` and the like, and judges what that overwrites. */
export function openStreams(redirects: readonly Redirection[], scene: Scene, bench: Bench): Streams {
  const opening: Opening = { input: scene.input, output: null, appends: false, network: null };
  for (const redirect of redirects) {
    open(redirect, opening, { scene, bench });
  }
  return opening;
}

type Place = { readonly scene: Scene; readonly bench: Bench };

function open(redirect: Redirection, opening: Opening, { scene, bench }: Place): void {
  switch (redirect.type) {
    case 'HereString': {
      const [text = ''] = redirect.target ? expandText(redirect.target, scene, bench) : [];
      fill(redirect, `${text}\n`, { opening, scene });
      return;
    }
    case 'HereDoc':
      fill(redirect, documentText(redirect, scene, bench), { opening, scene });
      return;
    case 'Redirect':
      for (const target of redirect.target ? expandText(redirect.target, scene, bench) : []) {
        openTarget(redirect, target, { opening, scene, bench });
      }
  }
}

function documentText({ body, delimiter, operator }: HereDoc, scene: Scene, bench: Bench): string {
  const isPlain = delimiter?.quoted === true || !body.parts;
  const text = isPlain ? body.text : (expandParts(body.parts ?? [], scene, bench)[0] ?? '');
  return operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
}

function descriptorOf({ descriptor }: Redirection): string | undefined {
  return descriptor && (descriptor.type === 'FileDescriptor' ? String(descriptor.value) : descriptor.name);
}

function fill(redirect: Redirection, text: string, { opening, scene }: { opening: Opening; scene: Scene }): void {
  const descriptor = descriptorOf(redirect) ?? '0';
  if (descriptor === '0') {
    opening.input = { text };
  }
  scene.state.descriptors.set(descriptor, text);
}

type Target = Extract<Redirection, { type: 'Redirect' }>;
type Around = Place & { readonly opening: Opening };

function openTarget(redirect: Target, target: string, { opening, scene, bench }: Around): void {
  const { operator } = redirect;
  if (/^\/dev\/(tcp|udp)\//.test(target)) {
    openConnection(target, redirect, { opening, scene });
    return;
  }
  if ((operator === '<&' || operator === '>&') && /^(\d+|-|\d+-)$/.test(target)) {
    duplicate(redirect, target.replace(/(?<=\d)-$/, ''), { opening, scene });
    return;
  }
  if (operator === '<' || operator === '<&') {
    opening.input = { text: contentOf(target, scene) };
    return;
  }
  const appends = operator === '>>' || operator === '&>>';
  judgeEffect({ kind: appends ? 'append' : 'write', path: target, what: `${operator} ${target}` }, scene, bench);
  if ((descriptorOf(redirect) ?? '1') === '1') {
    opening.output = target;
    opening.appends = appends;
  }
}

function openConnection(
  target: string,
  redirect: Target,
  { opening, scene }: { opening: Opening; scene: Scene },
): void {
  opening.network = target;
  scene.state.descriptors.set(descriptorOf(redirect) ?? '0', mark.network);
  if (redirect.operator.startsWith('<')) {
    opening.input = { text: mark.network };
  }
}

function duplicate(redirect: Target, from: string, { opening, scene }: { opening: Opening; scene: Scene }): void {
  const held = scene.state.descriptors.get(from);
  const to = descriptorOf(redirect) ?? (redirect.operator === '<&' ? '0' : '1');
  if (held !== undefined && redirect.operator === '<&' && to === '0') {
    opening.input = { text: held };
  }
  if (held === mark.network) {
    opening.network = `descriptor ${from}`;
  }
  if (redirect.operator === '>&' && from === '2') {
    opening.output = '/dev/stderr';
  }
}

/** What this text wrote into a file; else what nobody here can know. */
export function contentOf(path: string, { state }: Scene): string | null {
  for (const known of [path, ...pathsOf(path, state)]) {
    const text = state.files.get(known);
    if (text !== undefined) {
      return text;
    }
  }
  return path === '/dev/null' ? '' : mark.file;
}

/** Keeps what a command wrote into a file, for whoever runs that file. */
export function keepOutput(out: string, { output, appends }: Streams, { scene, bench }: Place): void {
  if (output !== null && !output.startsWith('/dev/')) {
    const { state } = scene;
    const [path = output] = pathsOf(output, state);
    const before = appends ? (state.files.get(path) ?? '') : '';
    state.files.set(path, before + out);
    bench.wrote(path, out, scene);
  }
}

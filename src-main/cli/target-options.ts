import { type Command, Option } from 'commander';
import { type InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { Address, TargetFields, targetOs, type Target } from '#contract/target';
import { findCredential } from './find-credential.ts';
import { portOption, sudoOption, userOption } from './login-options.ts';
import { attribute, checkedBy, collectedBy, jumpHops } from './option-values.ts';

type Change = InputOf<'target.update'>['change'];

/** A value of false is the option with `no-` before it, which only `set` has. */
export type TargetFlags = {
  readonly address?: string;
  readonly user?: string | false;
  readonly port?: number;
  readonly credential?: string | false;
  readonly tag?: string[] | false;
  readonly jump?: NonNullable<Change['jump']> | false;
  readonly sudo?: string | false;
  readonly os?: Target['os'];
  readonly attr?: Record<string, string>;
  readonly maintenance?: boolean;
  readonly weakAlgorithms?: boolean;
};

export const addressOption = (): Option =>
  new Option('--address <address>', 'host name or IP address').argParser(checkedBy(Address));

/** What may be said of every target but its name and address. */
export function addTargetOptions(command: Command): Command {
  return command
    .addOption(userOption())
    .addOption(portOption())
    .option('--credential <name>', 'stored credential to log in with (default: the keys of this account)')
    .option('--tag <tag>', 'repeat for more', collectedBy(TargetFields.shape.tags.unwrap().element))
    .option('--jump <hops>', 'machines on the way, the nearest first: ada@bastion:2222,10.0.0.1', jumpHops)
    .addOption(sudoOption())
    .addOption(new Option('--os <os>', 'operating system').choices(targetOs))
    .option('--attr <name=value>', 'attribute of its own; repeat for more', attribute)
    .option('--maintenance', 'nothing but its own name selects it')
    .option('--weak-algorithms', 'take algorithms that are no longer held to be safe, for old devices');
}

/** What takes a value away again. */
export function addClearOptions(command: Command): Command {
  return command
    .option('--no-user', 'no account of its own')
    .option('--no-credential', 'the keys of this account')
    .option('--no-tag', 'no tags')
    .option('--no-jump', 'reached directly')
    .option('--no-sudo', 'no other account')
    .option('--no-maintenance', 'selected as others are')
    .option('--no-weak-algorithms', 'safe algorithms only');
}

/** The fields that the flags speak of, and no others. Throws DroverError `unknown-credential`. */
export async function targetFields(client: DroverClient, flags: TargetFlags): Promise<Change> {
  const { credential, sudo } = flags;
  const fields: { [K in keyof Change]: Change[K] | undefined } = {
    address: flags.address,
    port: flags.port,
    os: flags.os,
    user: flags.user === false ? null : flags.user,
    credentialId: credential ? (await findCredential(client, credential)).id : credential === false ? null : undefined,
    jump: flags.jump === false ? [] : flags.jump,
    become: sudo === undefined ? undefined : sudo === false ? null : { user: sudo },
    tags: flags.tag === false ? [] : flags.tag,
    attributes: flags.attr,
    maintenance: flags.maintenance,
    weakAlgorithms: flags.weakAlgorithms,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

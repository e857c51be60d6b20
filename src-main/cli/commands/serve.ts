import { type Command, Option } from 'commander';
import type { ServeFlags } from '../host.ts';
import type { Session } from '../session.ts';
import { dataOption } from './shared-options.ts';

const after = `
Listens on this machine only, unless --listen says otherwise; beyond it a certificate or --behind-proxy is required.
Options win over DROVER_LISTEN, DROVER_NAME and the like, and these over drover.json in the data folder.

Examples:
  drover serve
  drover serve --listen 0.0.0.0:7443 --tls-cert node.crt --tls-key node.key
  drover serve --listen 10.0.0.5:7070 --behind-proxy`;

export function addServe(program: Command, session: Session): void {
  program
    .command('serve')
    .summary('run the engine and its console')
    .description('Runs the engine with its console for browsers, until it is told to stop.')
    .option('--listen <host:port>', 'where the console listens (default: 127.0.0.1:7070)')
    .addOption(new Option('--tls-cert <file>', 'certificate, PEM').conflicts('behindProxy'))
    .addOption(new Option('--tls-key <file>', 'its private key, PEM').conflicts('behindProxy'))
    .option('--behind-proxy', 'a proxy in front of it does TLS')
    .option('--name <name>', 'name of this node (default: name of the machine)')
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: ServeFlags) => {
      // The engine stops in good order by itself.
      session.onInterrupt(() => {});
      session.exitCode = await session.host.serve(flags);
    });
}

import type { CommandNode } from 'unbash';

const shells = /^(?:.*\/)?(?:ba|da|z|k|a|mk)?sh$/;
const connections = /^(?:.*\/)?(?:nc|ncat|netcat|telnet|socat)$/;

/** A shell that reads from or writes to whoever is at the other end of a connection. */
export function isShellToNetwork(commands: readonly CommandNode[]): boolean {
  const words = commands.map(wordsOf);
  const at = words.findIndex(
    ([name = '', next = '']) => connections.test(name) || (name.endsWith('openssl') && next === 's_client'),
  );
  if (at < 0) {
    return false;
  }
  return words.some(([name = '', ...rest]) => {
    const isBare = rest.every((word) => word.startsWith('-') && word !== '-c');
    return shells.test(name) && isBare;
  });
}

function wordsOf(node: CommandNode): string[] {
  const command = node.type === 'Redirected' ? node.command : node;
  if (command.type !== 'Command') {
    return [];
  }
  const words = [command.name, ...command.args].map((word) => (word?.type === 'Word' ? word.value : ''));
  return words[0] === 'sudo' || words[0] === 'busybox' ? words.slice(1) : words;
}

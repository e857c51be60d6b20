import { readWindowCommand, type WindowCommand } from '#contract/window-command';

type Listener = (command: WindowCommand) => void;

/** What the desktop shell asks of the page; kept until the page listens. */
export class WindowCommands {
  #listener: Listener | null = null;
  readonly #held: WindowCommand[] = [];

  /** For what came over the bridge; everything but a known command is dropped. */
  readonly take = (value: unknown): void => {
    const command = readWindowCommand(value);
    if (command && this.#listener) {
      this.#listener(command);
    } else if (command) {
      this.#held.push(command);
    }
  };

  /** Hears every command once; the returned function ends that. */
  listen(listener: Listener): () => void {
    this.#listener = listener;
    for (const command of this.#held.splice(0)) {
      listener(command);
    }
    return () => {
      this.#listener = null;
    };
  }
}

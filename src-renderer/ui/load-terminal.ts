/** The terminal's own chunk; asked for early so that the first output does not wait for it. */
export const loadTerminal = () => import('./terminal-screen.ts');

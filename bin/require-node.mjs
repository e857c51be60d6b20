/**
 * Ends the process with exit code 3 and the remedy when this Node is too old to run Drover.
 * Whoever imports this must load nothing newer than Node 16 before the call, or an old Node crashes instead.
 *
 * @param {string} command how to start the same thing through npm, which brings its own Node
 */
export function requireNode(command) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) {
    return;
  }
  process.stderr.write(
    `Drover needs Node 22.18 or newer; this is Node ${process.versions.node}.\n` +
      `Start it through npm, which brings its own Node (run "npm ci" once before): ${command}\n`,
  );
  process.exit(3);
}

/** The oldest Node the engine runs on: older ones crash in the database's binary instead of saying why. */
const oldest = [22, 18] as const;

/** Ends the process with exit code 3 and the remedy when this Node is too old. */
export function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    process.stderr.write(
      `drover: Node ${process.versions.node} is too old, ${oldest.join('.')} or newer is needed [old-node]\n` +
        'In a checkout, npm brings its own: npm start, or npm exec -- drover …\n',
    );
    process.exit(3);
  }
}

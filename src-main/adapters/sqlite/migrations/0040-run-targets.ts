/** Finds the runs of a target by its name or address, the newest first, and the names and addresses there ever were. */
export const runTargets = {
  version: 40,
  name: 'run-targets',
  sql: `
CREATE INDEX host_results_by_name ON host_results (name COLLATE NOCASE, run_no);
CREATE INDEX host_results_by_address ON host_results (address COLLATE NOCASE, run_no);
`,
};

/** What Quick execute asks for and does when nobody says otherwise. */
export const quickDefaults = {
  /** From so many targets the operator types their number. */
  typedNumberFrom: 20,
  /** From so many targets all at once batches are advised. */
  rollingFrom: 20,
  /** The batches that are then offered. */
  rollingBatches: '1, 10%, 100%',
  timeoutS: 600,
  deadlineS: 0,
  concurrency: 64,
  pauseS: 0,
  tolerate: '0',
  lastRuns: 20,
  recentSelections: 6,
  /** Of a file that is loaded as the script. */
  scriptBytes: 5 * 1024 * 1024,
} as const;

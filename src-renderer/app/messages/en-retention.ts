/** That the output of a run is gone. */
export const enPurged = {
  purged: {
    title: 'The output was removed by policy',
    none: 'The output was removed by policy; nothing of it is left.',
    rule: {
      age_one: 'Output is kept for {{count}} day. The record of the run stays.',
      age_other: 'Output is kept for {{count}} days. The record of the run stays.',
      count_one: 'The output of the newest run is kept. The record of this one stays.',
      count_other: 'The output of the newest {{count}} runs is kept. The record of this one stays.',
      bytes: '{{size}} of output are kept, the newest first. The record of the run stays.',
    },
    rules: 'Rules of retention',
  },
} as const;

/** Texts of the page and the list of runs that come with these pages. */
export const enConsole = {
  stop: {
    levels: 'How far to stop',
    halt: 'Start nothing more',
    haltGoOn_zero: 'No target works now.',
    haltGoOn_one: '{{count}} working target comes to its end.',
    haltGoOn_other: '{{count}} working targets come to their end.',
    killText: 'Kills at once what this run has started, without a chance to clean up.',
    haltedBy: '{{name}} asked that nothing more starts',
    couldNotHalt: 'Run #{{no}} was not told to start nothing more: {{what}}',
  },
  usual: {
    name: 'Expected',
    of_one: 'By {{count}} earlier run of this text',
    of_other: 'By {{count}} earlier runs of this text, in the middle',
    longer: 'longer than usual',
    longerBy: '{{time}} longer than earlier runs of this text took in the middle',
  },
  trusted: {
    title_one: '{{count}} target was refused for its host key, which is trusted by now',
    title_other: '{{count}} targets were refused for their host keys, which are trusted by now',
    again_one: 'Run again on this target',
    again_other: 'Run again on these {{count}} targets',
  },
} as const;

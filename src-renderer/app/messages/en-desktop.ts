/** What only a window of the desktop says. */
export const enDesktop = {
  desktop: {
    badLink: 'That link names no page of Drover. Nothing was opened, filled in or started.',
    quitsLater: 'Drover quits when the live runs have ended. The tray takes that back.',
    nothingToStop: 'There is no run on this page to stop. Open the run first.',
    nothingHere: 'That cannot be done on this page. Quick execute is where scripts are run.',
  },
} as const;

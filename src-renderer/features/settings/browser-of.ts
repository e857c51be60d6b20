const browsers = [
  ['Edge', /\bEdg\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\bFirefox\/(\d+)/],
  ['Chromium', /\b(?:Headless)?Chrom(?:e|ium)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+).*Safari/],
] as const;

const systems = [
  ['Windows', /Windows/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
] as const;

/** What a browser calls itself, for a reader: `Firefox 140 on Linux`; other clients by their first word. */
export function browserOf(agent: string): string {
  const system = systems.find(([, pattern]) => pattern.test(agent))?.[0];
  for (const [name, pattern] of browsers) {
    const version = pattern.exec(agent)?.[1];
    if (version !== undefined) {
      return system === undefined ? `${name} ${version}` : `${name} ${version} on ${system}`;
    }
  }
  return agent.split(/[\s/]/)[0] || '–';
}

type Ranges = { readonly ranges: [number, number][]; readonly leftOff: number };

/** Rising numbers as ranges, both ends included; beyond `most` ranges the numbers are only counted. */
export function hostRanges(hosts: readonly number[], most: number): Ranges {
  const ranges: [number, number][] = [];
  for (const [place, host] of hosts.entries()) {
    const last = ranges.at(-1);
    if (last && host === last[1] + 1) {
      last[1] = host;
    } else if (ranges.length < most) {
      ranges.push([host, host]);
    } else {
      return { ranges, leftOff: hosts.length - place };
    }
  }
  return { ranges, leftOff: 0 };
}

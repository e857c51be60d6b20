import { describe, expect, it } from 'vitest';
import { findLicences } from '../../src-renderer/features/settings/read-licences.ts';

const packages = [
  { name: '@mantine/core', version: '9.7.3', licence: 'MIT', text: 0 },
  { name: 'ssh2', version: '1.17.0', licence: null, text: null },
  { name: 'typed', version: '1.0.0', licence: 'Apache-2.0', text: 1 },
];
const found = (typed: string) => findLicences(packages, typed).map(({ name }) => name);

describe('the search of licences', () => {
  it('finds packages in whose name or licence every word stands', () => {
    expect(found('')).toEqual(packages.map(({ name }) => name));
    expect(found(' core mit ')).toEqual(['@mantine/core']);
    expect(found('APACHE')).toEqual(['typed']);
    expect(found('core apache')).toEqual([]);
    expect(found('.*')).toEqual([]);
  });
});

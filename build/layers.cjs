/** Who may import whom: architecture of the source tree, one rule per boundary. */
const library = (...names) => `node_modules/(${names.join('|')})(/|$)`;
const pureLibraries = library('zod', 'yaml', 'cron-parser', '@huggingface/jinja', 're2js', 'unbash', 'ipaddr\\.js');

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'contract-imports-only-zod',
      severity: 'error',
      from: { path: '^src-main/contract/' },
      to: { pathNot: ['^src-main/contract/', library('zod')] },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^src-main/core/' },
      to: { pathNot: ['^src-main/(core|contract)/', pureLibraries] },
    },
    {
      name: 'task-types-and-triggers-see-ports-only',
      severity: 'error',
      from: { path: '^src-main/(task-types|triggers)/' },
      to: { pathNot: ['^src-main/(task-types|triggers|contract)/', '^src-main/core/ports', pureLibraries] },
    },
    {
      name: 'task-types-and-triggers-do-not-see-each-other',
      severity: 'error',
      from: { path: '^src-main/(task-types|triggers)/([^/]+)/' },
      to: { path: '^src-main/(task-types|triggers)/[^/]+/', pathNot: '^src-main/$1/$2/' },
    },
    {
      name: 'api-sees-core-not-adapters',
      severity: 'error',
      from: { path: '^src-main/api/' },
      to: { pathNot: ['^src-main/(api|core|contract)/', pureLibraries, library('csv-stringify')] },
    },
    {
      name: 'adapters-see-ports-contract-and-dispatcher-only',
      severity: 'error',
      from: { path: '^src-main/adapters/' },
      to: {
        path: '^src-(main|renderer|preload)/',
        pathNot: ['^src-main/adapters/', '^src-main/contract/', '^src-main/core/ports', '^src-main/api/dispatcher'],
      },
    },
    {
      name: 'adapters-do-not-see-each-other',
      severity: 'error',
      from: { path: '^src-main/adapters/([^/]+)/' },
      to: { path: '^src-main/adapters/([^/]+)/', pathNot: '^src-main/adapters/$1/' },
    },
    {
      name: 'commands-see-the-contract-only',
      severity: 'error',
      comment: 'A command of the command line is a client of the engine, as the renderer is.',
      from: { path: '^src-main/cli/' },
      to: { path: '^src-(main|renderer|preload)/', pathNot: '^src-main/(cli|contract)/' },
    },
    {
      name: 'renderer-sees-only-the-contract',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^(src-main|src-preload)/', pathNot: '^src-main/contract/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-sees-electron-only',
      severity: 'error',
      from: { path: '^src-preload/' },
      to: { pathNot: [library('electron')] },
    },
    {
      name: 'electron-only-at-the-edge',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/(entry/electron|adapters/electron/)', '^src-preload/'] },
      to: { path: library('electron') },
    },
    {
      name: 'headless-never-reaches-electron',
      severity: 'error',
      from: { path: '^src-main/entry/(node|cli|agent)' },
      to: { path: library('electron'), reachable: true },
    },
    {
      name: 'only-compose-and-entries-pick-adapters',
      severity: 'error',
      from: { path: '^src-main/', pathNot: ['^src-main/(adapters|entry)/', '^src-main/compose'] },
      to: { path: '^src-main/adapters/' },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};

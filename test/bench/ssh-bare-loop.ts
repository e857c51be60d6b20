// The least that ssh2 can do: `ssh-bare-loop.ts HOSTS KEY KNOWN USER PORT` logs in to 64 hosts at once, runs `hostname`, prints what comes.
import { readFileSync } from 'node:fs';
import { Client } from 'ssh2';

const [hostsFile = '', keyFile = '', knownFile = '', username = '', port = ''] = process.argv.slice(2);
const hosts = readFileSync(hostsFile, 'utf8').split('\n').filter(Boolean);
const privateKey = readFileSync(keyFile);
const known = new Map(
  readFileSync(knownFile, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([name = '', , base64 = '']) => [name, Buffer.from(base64, 'base64')]),
);

function runOn(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let out = '';
    // Else every round trip waits for the acknowledgement of the last one.
    client.once('connect', () => client.setNoDelay(true));
    client.once('error', reject);
    client.once('ready', () =>
      client.exec('hostname', (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        channel.on('data', (bytes: Buffer) => void (out += bytes.toString()));
        channel.stderr.resume();
        channel.once('close', () => {
          client.end();
          resolve(out);
        });
      }),
    );
    const hostVerifier = (key: Buffer): boolean => known.get(`[${host}]:${port}`)?.equals(key) ?? false;
    client.connect({ host, port: Number(port), username, privateKey, hostVerifier });
  });
}

async function work(): Promise<void> {
  for (let host = hosts.shift(); host !== undefined; host = hosts.shift()) {
    process.stdout.write(`${host}: ${await runOn(host)}`);
  }
}

await Promise.all(Array.from({ length: 64 }, work));

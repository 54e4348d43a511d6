// Loaded before any .ts file, by every script. Plain JavaScript, because an older Node cannot read TypeScript.
// An older Node hands over to the Node 24 that `npm ci` brought along, or says what to install.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) < 24) {
  // By its package and not by node_modules/.bin, where npm 10 leaves no link to it.
  const bundled = fileURLToPath(
    new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
  );
  if (!existsSync(bundled)) {
    console.error(
      `Node.js 24 or newer is needed, this is ${process.version}: run "npm ci" again (on Linux it brings Node 24 along), elsewhere install Node.js 24.`,
    );
    process.exit(1);
  }
  const child = spawn(bundled, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; a signal to this process alone is passed on. Both end with the child.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const status = await new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${bundled} cannot be run: ${error.message}. Install Node.js 24.`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
  process.exit(status);
}

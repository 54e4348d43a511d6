import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { settings } from '../../shared/runtime/environment.ts';
import { buildFunctions } from '../build-functions.ts';
import { banner } from './banner.ts';
import { ConfigurationError, settingsFrom } from './configuration.ts';
import { DataFolderError } from './data-folder.ts';
import { PortInUseError } from './servers.ts';
import { startGateway } from './start-gateway.ts';
import { SynthesisError } from './synthesise.ts';
import { TableChangedError } from './tables.ts';
import { TemplateError } from './template.ts';

const help = `Runs the gateway on this machine: npm run dev -- [options]

  --port PORT        port of the gateway (PORT, ${settings.PORT.default})
  --data-dir FOLDER  where its data is kept (DATA_DIR, ${settings.DATA_DIR.default})
  --help             this text

Without credentials a simulator stands in for Meta. Settings come from the environment, then from
.env.local; .env.example lists them all.`;

const root = resolve(import.meta.dirname, '../..');
// Of the working folder, as DATA_DIR is; npm runs scripts in the project's.
const ownSettings = resolve('.env.local');
const startMs = performance.timeOrigin;
const flags = readFlags();

// Second Ctrl-C: do not wait for what is under way. Processes of functions end with this one.
const stopping = Promise.withResolvers<void>();
let asked = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (asked) process.exit(1);
    asked = true;
    stopping.resolve();
  });
}

try {
  const gateway = await startGateway({
    settings: {
      ...settingsFrom(process.env, ownSettings),
      ...(flags.port !== undefined && { PORT: flags.port }),
      ...(flags['data-dir'] !== undefined && { DATA_DIR: flags['data-dir'] }),
    },
    log: (line) => console.log(line),
    reload: {
      sources: [resolve(root, 'functions'), resolve(root, 'shared')],
      restart: [resolve(root, 'infra'), ownSettings],
      build: buildFunctions,
    },
  });
  console.log(banner(gateway, Date.now() - startMs));
  await stopping.promise;
  await gateway.stop();
  process.exit(0);
} catch (error) {
  // Ctrl-C reaches the synthesis too, whose end is then no error.
  if (asked) process.exit(0);
  console.error(isForTheOwner(error) ? error.message : error);
  process.exit(1);
}

function readFlags(): { port?: string; 'data-dir'?: string } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { help: wanted, ...given } = values;
    if (!wanted) return given;
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exit(2);
  }
}

/** What the owner can mend; anything else is a fault of ours, shown with its stack. */
function isForTheOwner(error: unknown): error is Error {
  return [
    ConfigurationError,
    DataFolderError,
    PortInUseError,
    SynthesisError,
    TableChangedError,
    TemplateError,
  ].some((type) => error instanceof type);
}

import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command cannot do what it was asked; the message says why and what to do. Exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The command line itself is wrong. Exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

type Flags = NonNullable<ParseArgsConfig['options']>;
type Values<Known extends Flags> = ReturnType<typeof parseArgs<{ options: Known }>>['values'];

/**
 * Runs a command to its exit code: `--help` prints the help and ends with 0, an unknown flag ends with 2, and
 * a failure is said in one line, without a stack.
 */
export async function runCommand<Known extends Flags>(
  help: string,
  flags: Known,
  main: (values: Values<Known>) => Promise<0 | 1>,
): Promise<void> {
  try {
    if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
      console.log(help);
      return;
    }
    process.exitCode = await main(parseFlags(flags));
  } catch (error) {
    if (error instanceof WrongUsage) {
      console.error(`${error.message}\n\n${help}`);
      process.exitCode = 2;
    } else if (error instanceof CommandFailed) {
      console.error(error.message);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

function parseFlags<Known extends Flags>(flags: Known): Values<Known> {
  try {
    return parseArgs({ options: flags }).values;
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

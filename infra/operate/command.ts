import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command cannot do what it was asked; the message says why and what to do. Exit code 1. */
export class CommandFailed extends Error {
  override readonly name: string = 'CommandFailed';
}

/** The command line itself is wrong. Exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

type Flags = NonNullable<ParseArgsConfig['options']>;
type Values<Known extends Flags> = ReturnType<typeof parseArgs<{ options: Known }>>['values'];

/**
 * Runs a command to its exit code: `--help` prints the help and ends with 0, an unknown flag ends with 2, and
 * a failure is said in one line, without a stack. What ends well ends with 0, else with 1, or 3 for warnings
 * alone. `words` are the arguments that are no flags; a command that
 * takes none refuses them.
 */
export async function runCommand<Known extends Flags>(
  help: string,
  flags: Known,
  main: (values: Values<Known>, words: readonly string[]) => Promise<0 | 1 | 3>,
  takesWords = false,
): Promise<void> {
  try {
    if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
      console.log(help);
      return;
    }
    const { values, positionals } = parse(flags, takesWords);
    process.exitCode = await main(values, positionals);
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

function parse<Known extends Flags>(
  flags: Known,
  allowPositionals: boolean,
): { values: Values<Known>; positionals: readonly string[] } {
  try {
    return parseArgs({ options: flags, allowPositionals });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

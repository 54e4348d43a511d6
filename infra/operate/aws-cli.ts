import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandFailed } from './command.ts';

const timeoutMs = 30_000;

/**
 * What a command of the AWS CLI answers, as JSON; `undefined` when it answers nothing. The CLI signed the owner in, so
 * it is there (docs/deploy.md), and one call in a year is not worth an SDK client. Throws CommandFailed.
 */
export async function awsCli(...args: readonly string[]): Promise<unknown> {
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  const where = region ? ['--region', region] : [];
  try {
    const { stdout } = await promisify(execFile)('aws', [...args, ...where, '--output', 'json'], {
      timeout: timeoutMs,
      env: { ...process.env, AWS_PAGER: '' },
    });
    return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown);
  } catch (error) {
    throw new CommandFailed(`${args.slice(0, 2).join(' ')} failed: ${whyOf(error)}`);
  }
}

function whyOf(error: unknown): string {
  const { code, stderr } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') {
    return 'the AWS CLI is not installed.\nGet it from https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html';
  }
  return stderr?.trim() || (error instanceof Error ? error.message : String(error));
}

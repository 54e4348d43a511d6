import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { isTableName } from '../restored-table.ts';
import { CommandFailed, WrongUsage } from './command.ts';

/** What `--table` says for the stack's own table. */
export const ownTable = 'own';

const requestTimeoutMs = 15_000;

/**
 * The restored table that a deploy is for; `undefined` is the stack's own. What is not given stays as it was deployed
 * last: an update must not lead a gateway back to the table that somebody left for a reason.
 * @throws WrongUsage, or CommandFailed when it cannot be told which one is in use.
 */
export async function tableToDeploy(
  client: CloudFormationClient,
  stackName: string,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === ownTable) return undefined;
  if (given !== undefined) {
    if (isTableName(given)) return given;
    throw new WrongUsage(`--table takes the name of a table, or "${ownTable}", not "${given}".`);
  }
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }), {
      abortSignal: AbortSignal.timeout(requestTimeoutMs),
    });
    return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'RestoredTable')?.OutputValue;
  } catch (error) {
    // There is no such stack yet.
    if (error instanceof CloudFormationServiceException && error.name === 'ValidationError') return undefined;
    throw new CommandFailed(
      `Which table the stack ${stackName} uses cannot be read: ${error instanceof Error ? error.message : String(error)}.
Say it, to deploy all the same: --table ${ownTable}, or --table with the name of the restored one (docs/restore.md).`,
    );
  }
}

import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CommandFailed } from './command.ts';

/** Where a deploy goes. The account is unknown when the credentials may deploy but not read its stacks. */
export interface DeployTarget {
  readonly region: string;
  readonly accountId?: string;
}

/** Something the owner has to do first. Its message is all that they need to read. */
export class NotReadyToDeployError extends CommandFailed {}

const requestTimeoutMs = 15_000;
const bootstrapStack = 'CDKToolkit';

/** `AWS_DEFAULT_REGION` is what the AWS CLI reads and the SDK does not; else the profile's region. */
export function cloudFormationClient(environment: NodeJS.ProcessEnv): CloudFormationClient {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  return new CloudFormationClient({ maxAttempts: 2, ...(region ? { region } : {}) });
}

/**
 * Makes sure that credentials, region and bootstrap are there before the CDK CLI is started.
 * @throws NotReadyToDeployError with what is missing and how to get it.
 */
export async function findDeployTarget(client: CloudFormationClient): Promise<DeployTarget> {
  const credentials = await client.config.credentials().catch((error: unknown) => {
    throw noCredentials(error);
  });
  const region = await client.config.region().catch((error: unknown) => {
    throw noRegion(error);
  });
  const { accountId } = credentials;
  const target = { region, ...(accountId ? { accountId } : {}) };
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: bootstrapStack }), {
      abortSignal: AbortSignal.timeout(requestTimeoutMs),
    });
    return { ...target, ...accountOfArn(Stacks?.[0]?.StackId) };
  } catch (error) {
    if (!(error instanceof CloudFormationServiceException)) throw unreachable(region, error);
    if (error.name === 'ValidationError') throw notBootstrapped(target);
    // Such credentials may still deploy, by the roles that the bootstrap made; the CDK CLI finds out.
    if (error.name === 'AccessDenied' || error.name === 'AccessDeniedException') return target;
    throw refused(error);
  }
}

function accountOfArn(arn: string | undefined): { accountId?: string } {
  const accountId = arn?.split(':')[4];
  return accountId ? { accountId } : {};
}

function noCredentials(cause: unknown): NotReadyToDeployError {
  return new NotReadyToDeployError(
    `No AWS credentials were found (${messageOf(cause)}).
Get them in one of these ways, then run this command again:
  aws configure                           with an access key of an IAM user
  aws configure sso && aws sso login      with single sign-on (IAM Identity Center)
  AWS_PROFILE=<name> npm run deploy       with a profile that you have already
The AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html`,
    { cause },
  );
}

function noRegion(cause: unknown): NotReadyToDeployError {
  return new NotReadyToDeployError(
    `No AWS region is set. Choose one near your customers, then run this command again:
  AWS_REGION=eu-central-1 npm run deploy
or set it for good with: aws configure set region eu-central-1`,
    { cause },
  );
}

function notBootstrapped({ region, accountId }: DeployTarget): NotReadyToDeployError {
  const place = accountId ? `account ${accountId} in ${region}` : `your account in ${region}`;
  // Without an environment of its own the command takes account and region of the credentials.
  const command = accountId
    ? `npx cdk bootstrap aws://${accountId}/${region}`
    : `AWS_REGION=${region} npx cdk bootstrap`;
  return new NotReadyToDeployError(
    `The CDK has not been set up in ${place} yet. Do so once (it makes a bucket and roles), then run this command again:
  ${command}`,
  );
}

function refused(cause: CloudFormationServiceException): NotReadyToDeployError {
  return new NotReadyToDeployError(
    `AWS refused the credentials: ${cause.message} (${cause.name}).
They may have expired: sign in again (aws sso login) or get new ones (aws configure), then run this command again.`,
    { cause },
  );
}

function unreachable(region: string, cause: unknown): NotReadyToDeployError {
  return new NotReadyToDeployError(
    `AWS could not be reached in ${region} (${messageOf(cause)}). Check the network and the region's name, then run this command again.`,
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CommandFailed } from './command.ts';
import { why } from './doctor/gateway-seen.ts';
import type { DeployedStack } from './stack-outputs.ts';

export interface StackResource {
  readonly logicalId: string;
  /** What its service calls it: a queue's URL, a bucket's name. */
  readonly physicalId: string;
}

/** The resources of one type that a deployed stack has. Throws CommandFailed when they cannot be listed. */
export async function stackResources(
  { name, where }: DeployedStack,
  type: 'AWS::SQS::Queue' | 'AWS::S3::Bucket',
): Promise<readonly StackResource[]> {
  const found: StackResource[] = [];
  try {
    const client = new CloudFormationClient({ ...where, maxAttempts: 3 });
    for await (const page of paginateListStackResources({ client }, { StackName: name })) {
      for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ??
        []) {
        if (ResourceType !== type || !LogicalResourceId || !PhysicalResourceId) continue;
        found.push({ logicalId: LogicalResourceId, physicalId: PhysicalResourceId });
      }
    }
  } catch (error) {
    throw new CommandFailed(`The resources of ${name} cannot be listed: ${why(error)}`);
  }
  return found;
}

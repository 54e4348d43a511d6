import * as z from 'zod/mini';

/** What the stack says of itself after a deploy, as the CDK CLI writes it for one stack. */
const stackOutputs = z.object({
  CallbackUrl: z.string(),
  InboxUrl: z.string(),
  WebhookSecretArn: z.string(),
  GraphSecretArn: z.string(),
});

/** Throws when an output is missing. */
export function readOutputs(text: string, stackName: string): z.infer<typeof stackOutputs> {
  return z.record(z.string(), stackOutputs).parse(JSON.parse(text))[stackName] ?? missing(stackName);
}

function missing(stackName: string): never {
  throw new Error(`The deploy wrote no outputs for ${stackName}.`);
}

export interface DeployedTo {
  readonly region: string;
  readonly stage: string;
}

/** What the owner sees last: where the gateway is, and how to connect it. */
export function nextSteps(outputs: z.infer<typeof stackOutputs>, { region, stage }: DeployedTo): string {
  const putValue = `aws secretsmanager put-secret-value --region ${region}`;
  return `
Deployed.
  Callback URL   ${outputs.CallbackUrl}
  Inbox          ${outputs.InboxUrl}

Next:
1. Connect it to Instagram. Write two files, and delete them once both commands have run:
     webhook.json   {"apps":[{"app_id":"…","app_secret":"…"}],"verify_token":"…"}
     graph.json     {"access_token":"…","ig_user_id":"1784…","login":"facebook"}
   ${putValue} --secret-id ${outputs.WebhookSecretArn} --secret-string file://webhook.json
   ${putValue} --secret-id ${outputs.GraphSecretArn} --secret-string file://graph.json
2. Make an API key:
   npm run keys -- create --name inbox --role read --role send --stage ${stage}

docs/deploy.md says where each value is found, and what follows.`;
}

import * as z from 'zod/mini';

/** What the stack says of itself after a deploy, as the CDK CLI writes it for one stack. */
const stackOutputs = z.object({
  CallbackUrl: z.string(),
  InboxUrl: z.string(),
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
  const gatewayUrl = outputs.CallbackUrl.replace(/\/api\/webhook$/, '');
  return `
Deployed.
  Callback URL   ${outputs.CallbackUrl}
  Inbox          ${outputs.InboxUrl}

Next:
1. Connect it to Instagram: it asks for an app and a token, stores both, and waits for a first message.
   AWS_REGION=${region} npm run connect -- --stage ${stage}
2. Make an API key, which is shown once:
   AWS_REGION=${region} npm run keys -- create --name inbox --role read --role send --stage ${stage}
3. Make the whole journey once, with APP_SECRET and WEBHOOK_VERIFY_TOKEN in the environment:
   npm run smoke -- --url ${gatewayUrl} --key KEY

docs/deploy.md says where each value is found, and what follows.`;
}

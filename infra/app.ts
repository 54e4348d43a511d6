import { App, Validations } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { buildFunctions } from './build-functions.ts';
import { deploySettings } from './deploy-settings.ts';
import { GatewayStack } from './gateway-stack.ts';
import { restoredTable } from './restored-table.ts';
import { stackName } from './stack-name.ts';

await buildFunctions();

// The context of cdk.json, also when this file is run without the CDK CLI; what the CLI passes wins.
const app = new App({ context: cdkJson.context });
const table = restoredTable(app.node.tryGetContext('tableName'));
new GatewayStack(app, stackName(app.node.tryGetContext('stage')), {
  settings: deploySettings(process.env),
  ...(table && { restoredTable: table }),
});

// CDK's own switch for its validation switches ours off too: this machine's server starts a second sooner.
if (process.env.CDK_VALIDATION !== 'false') {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
app.synth();

import { functionDefinition, ofType, readDeployment } from '../../infra/local/deployment.ts';
import type { FunctionDefinition } from '../../infra/local/function-environment.ts';
import { localCredentials, region } from '../../infra/local/identities.ts';
import type { Gateway } from '../../infra/local/start-gateway.ts';
import { synthesise } from '../../infra/local/synthesise.ts';

/** Every function of the stack as it runs beside a gateway, by its name, with these variables over its own. */
export async function functionDefinitions(
  gateway: Gateway,
  variables: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, FunctionDefinition>> {
  const { endpoints, graphUrl, url } = gateway;
  const deployment = readDeployment(await synthesise(gateway.configuration.extensions), endpoints, url);
  const common = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    AWS_ENDPOINT_URL_S3: url,
    GRAPH_API_BASE_URL: graphUrl ?? '',
    GRAPH_API_VERSION: gateway.configuration.graphApiVersion,
    HUMAN_AGENT: 'off',
  };
  return new Map(
    ofType(deployment, 'AWS::Lambda::Function').map((resource) => {
      const { source, ...definition } = functionDefinition(resource);
      return [
        definition.name,
        { ...definition, folder: source, variables: { ...definition.variables, ...common, ...variables } },
      ];
    }),
  );
}

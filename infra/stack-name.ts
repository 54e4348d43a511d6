const base = 'InstagramMessageGateway';

/**
 * The stack's name for a stage (`cdk deploy -c stage=test`): several gateways can live in one account and
 * region. `default` is the one without a stage. Throws when the stage would not make a legal stack name.
 */
export function stackName(stage: unknown): string {
  if (stage === undefined || stage === 'default') return base;
  if (typeof stage !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/.test(stage)) {
    throw new Error(`The stage must be 1 to 32 letters, digits or hyphens, not ${JSON.stringify(stage)}.`);
  }
  return `${base}-${stage}`;
}
